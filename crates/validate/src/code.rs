//! Every code that a [`Violation`](crate::Violation) can carry. Callers match on them, so a code
//! is never renamed and never given a second meaning.

pub const CONST: &str = "const";
pub const CONTROL_CHARACTER: &str = "control-character";
pub const DATE_TIME: &str = "date-time";
pub const DUPLICATE_KEY: &str = "duplicate-key";
pub const EMAIL_LIKE: &str = "email-like";
pub const ENUM: &str = "enum";
pub const HTTP_URL: &str = "http-url";
pub const IDENTIFIER: &str = "identifier";
pub const LONE_SURROGATE: &str = "lone-surrogate";
pub const MAXIMUM: &str = "maximum";
pub const MAX_ITEMS: &str = "max-items";
pub const MAX_LENGTH: &str = "max-length";
pub const MAX_PROPERTIES: &str = "max-properties";
pub const MINIMUM: &str = "minimum";
pub const MIN_ITEMS: &str = "min-items";
pub const MIN_LENGTH: &str = "min-length";
pub const MIN_PROPERTIES: &str = "min-properties";
pub const NOT_ALLOWED: &str = "not-allowed";
pub const NOT_ALLOWED_WHEN: &str = "not-allowed-when";
pub const NULL_NOT_ALLOWED: &str = "null-not-allowed";
pub const NUMBER_OUT_OF_RANGE: &str = "number-out-of-range";
pub const PATTERN: &str = "pattern";
pub const READ_ONLY: &str = "read-only";
pub const REQUIRED: &str = "required";
pub const TOO_DEEP: &str = "too-deep";
pub const TYPE: &str = "type";
pub const UNKNOWN_FIELD: &str = "unknown-field";
pub const UUID: &str = "uuid";

/// The whole list, code and meaning, in alphabetical order; served as documentation.
pub const CODES: &[(&str, &str)] = &[
    (CONST, "The value is not the only one that is allowed."),
    (
        CONTROL_CHARACTER,
        "A text or a key holds NUL or another control character (tab, line feed and carriage return are allowed).",
    ),
    (
        DATE_TIME,
        "The text is not an RFC 3339 date and time with an offset, or names a day that does not exist.",
    ),
    (DUPLICATE_KEY, "An object holds one key twice."),
    (
        EMAIL_LIKE,
        "The text is not something, one `@`, something, without blanks.",
    ),
    (ENUM, "The value is not one of those that are allowed."),
    (
        HTTP_URL,
        "The text is not an absolute http or https URL with a host and without user name.",
    ),
    (
        IDENTIFIER,
        "The text cannot stand safely in a vendor's path (slashes, dot segments, control characters, blanks at an end, length).",
    ),
    (
        LONE_SURROGATE,
        "A text or a key holds half of a surrogate pair (`\\ud800`), which is no character.",
    ),
    (MAX_ITEMS, "The array has too many items."),
    (MAX_LENGTH, "The text has too many characters."),
    (MAX_PROPERTIES, "The object has too many fields."),
    (MAXIMUM, "The number is too large for the field."),
    (MIN_ITEMS, "The array has too few items."),
    (MIN_LENGTH, "The text has too few characters."),
    (MIN_PROPERTIES, "The object has too few fields."),
    (MINIMUM, "The number is too small for the field."),
    (NOT_ALLOWED, "The field is never allowed here."),
    (
        NOT_ALLOWED_WHEN,
        "The field is not allowed together with the value of another field.",
    ),
    (
        NULL_NOT_ALLOWED,
        "The value is null where a value is needed.",
    ),
    (
        NUMBER_OUT_OF_RANGE,
        "The number cannot be kept exactly: an integer beyond 64 bits, or more digits than a double holds.",
    ),
    (PATTERN, "The text does not match the pattern."),
    (
        READ_ONLY,
        "The field is set by the vendor and cannot be written.",
    ),
    (REQUIRED, "A field that is required is missing."),
    (TOO_DEEP, "Arrays and objects are nested too deep."),
    (TYPE, "The value has the wrong type."),
    (UNKNOWN_FIELD, "The field is not known."),
    (
        UUID,
        "The text is not a UUID (8-4-4-4-12 hexadecimal digits).",
    ),
];
