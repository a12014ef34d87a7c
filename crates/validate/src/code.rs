//! Every code that a [`Violation`](crate::Violation) can carry. Callers match on them, so a code
//! is never renamed and never given a second meaning.

macro_rules! codes {
    ($($name:ident $code:literal $meaning:literal)+) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)+

        /// The whole list, code and meaning, in alphabetical order; served as documentation.
        pub const CODES: &[(&str, &str)] = &[$(($name, $meaning)),+];
    };
}

codes! {
    CONST "const" "The value is not the only one that is allowed."
    CONTROL_CHARACTER "control-character" "A text or a key holds NUL or another control character (tab, line feed and carriage return are allowed)."
    DATE_TIME "date-time" "The text is not an RFC 3339 date and time with an offset, or names a day that does not exist."
    DUPLICATE_KEY "duplicate-key" "An object holds one key twice."
    EMAIL_LIKE "email-like" "The text is not something, one `@`, something, without blanks."
    ENUM "enum" "The value is not one of those that are allowed."
    HTTP_URL "http-url" "The text is not an absolute http or https URL with a host and without user name."
    IDENTIFIER "identifier" "The text cannot stand safely in a vendor's path (slashes, dot segments, control characters, blanks at an end, length)."
    LONE_SURROGATE "lone-surrogate" "A text or a key holds half of a surrogate pair (`\\ud800`), which is no character."
    MAX_ITEMS "max-items" "The array has too many items."
    MAX_LENGTH "max-length" "The text has too many characters."
    MAX_PROPERTIES "max-properties" "The object has too many fields."
    MAXIMUM "maximum" "The number is too large for the field."
    MIN_ITEMS "min-items" "The array has too few items."
    MIN_LENGTH "min-length" "The text has too few characters."
    MIN_PROPERTIES "min-properties" "The object has too few fields."
    MINIMUM "minimum" "The number is too small for the field."
    NOT_ALLOWED "not-allowed" "The field is never allowed here."
    NOT_ALLOWED_WHEN "not-allowed-when" "The field is not allowed together with the value of another field."
    NULL_NOT_ALLOWED "null-not-allowed" "The value is null where a value is needed."
    NUMBER_OUT_OF_RANGE "number-out-of-range" "The number cannot be kept exactly: an integer beyond 64 bits, or more digits than a double holds."
    PATTERN "pattern" "The text does not match the pattern."
    READ_ONLY "read-only" "The field is set by the vendor and cannot be written."
    REQUIRED "required" "A field that is required is missing."
    TOO_DEEP "too-deep" "Arrays and objects are nested too deep."
    TYPE "type" "The value has the wrong type."
    UNKNOWN_FIELD "unknown-field" "The field is not known."
    UUID "uuid" "The text is not a UUID (8-4-4-4-12 hexadecimal digits)."
}
