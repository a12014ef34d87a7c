//! What the vendors' pages leave open, as switches: a client must hold on both sides of each.
//!
//! "documented" means that a seed says so, "inferred" that a neighbouring page or a field suggests
//! it, "assumed" that it is our guess.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// Every open question about the vendors, with the answer that the sandbox gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumptions {
    /// Netex, `PUT`: what an optional field that was not sent becomes. Inferred from the two
    /// mandatory fields; default `cleared`.
    pub put_absent: PutAbsent,
    /// Netex: how an error code travels. Assumed, no page shows a body; default `json`.
    pub error_body: ErrorBody,
    /// Netex, 201: the documented `Location` header ("link to the created resource"), whose form is
    /// not shown. Assumed; default `absolute`.
    pub location: LocationForm,
    /// Netex, room JSON: how a field without value looks. Assumed; default `null`.
    pub absent_fields: AbsentFields,
    /// Netex, forms: whether an optional field sent empty is kept as `""`. Assumed; default `kept`.
    pub empty_fields: EmptyFields,
    /// Netex, room JSON: whether `id` is a number. Inferred from ERR003; default `number`.
    pub room_id: RoomIdForm,
    /// Netex, status call: the body of "200 (OK) + JSON", whose fields are not named. Default
    /// `json` (documented), its content assumed.
    pub status_answer: WriteAnswer,
    /// Netex, delete: as `status_answer`.
    pub delete_answer: WriteAnswer,
    /// Netex, forms: whether `external_id` with `/` or `\` is refused. The ban is documented, a
    /// check is not; default `accepted`, so that an attack shows.
    pub external_id_slash: IdSlash,
    /// Netex, paths: what Tomcat does with `%2F` and `%5C`. Stock Tomcat 10 refuses (measured); old
    /// installations decode. Default `refused`.
    pub escaped_slash: EscapedSlash,
    /// Netex, forms: the charset of a form whose content type names none. ISO-8859-1 on a stock
    /// Tomcat (inferred); default `latin1`.
    pub undeclared_charset: Charset,
    /// Netex, list: the largest page that the vendor gives whatever `count` asks. None seen
    /// (assumed); default `null`, no cap.
    pub page_cap: Option<NonZeroU32>,
    /// Netex, list: the answer to a start at or beyond the end of a list that is not empty.
    /// Inferred from "índices erróneos"; default `range` (416).
    pub past_end: PastEnd,
    /// Netex, forms: `contactEmail` on a `PHYSICAL_ROOM`, where it does not exist (documented).
    /// Assumed; default `ignored`.
    pub email_on_physical: EmailOnPhysical,
    /// Netex, `PUT` that ends in ROO005: whether the new capacity stays. Assumed; default
    /// `capacity_applied`, the dangerous side.
    pub blocked_raise: BlockedRaise,
    /// iSpring, XML of a day: `<response><day>` (the vendor's page) or `<response>` flat (its
    /// OpenAPI). Default `response_day`.
    pub day_wrapping: DayWrapping,
    /// iSpring, update: the day as XML (documented) or an empty body (its OpenAPI). Default `day`.
    pub update_answer: UpdateAnswer,
    /// iSpring: which spelling of `Authorization` is taken. The seed shows the bare token, other
    /// pages `Bearer`; default `both`.
    pub authorization: Authorization,
    /// iSpring: whether the older `X-Auth-*` headers still work. Inferred, no page revokes them;
    /// default `accepted`.
    pub legacy_headers: LegacyHeaders,
    /// iSpring: whether the account has the role that the day calls need (documented 403). Default
    /// `granted`.
    pub permission: Permission,
    /// iSpring, update: what an empty or missing `url` does. Assumed; default `refused` (400).
    pub empty_url: EmptyUrl,
}

macro_rules! switch {
    ($(#[$doc:meta])* $name:ident { $(#[$first_doc:meta])* $first:ident, $($(#[$other_doc:meta])* $other:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$other_doc])* $other,)+
        }
    };
}

switch!(PutAbsent { Cleared, Kept });
switch!(ErrorBody {
    /// `{"code":"ERR001","message":"…"}`
    Json,
    /// `ERR001: …` as text/plain.
    Text,
    /// `ERR001` as text/plain.
    Code,
});
switch!(LocationForm {
    /// `http://{Host}/admin/…/physicalrooms/id/{id}`
    Absolute,
    /// `/admin/…/physicalrooms/id/{id}`
    Relative,
    /// No header at all.
    Missing,
    /// The absolute form on a host that is not the vendor's.
    OtherOrigin,
    /// `http://{Host}/admin/…/physicalrooms/externalid/{external_id}`
    ByExternalId,
});
switch!(AbsentFields { Null, Omitted });
switch!(EmptyFields { Kept, Null });
switch!(RoomIdForm { Number, String });
switch!(WriteAnswer {
    /// `{"status":"OK"}`
    Json,
    Empty,
});
switch!(IdSlash {
    Accepted,
    /// 400 with ERR001.
    Refused,
});
switch!(EscapedSlash { Refused, Decoded });
switch!(Charset { Latin1, Utf8 });
switch!(PastEnd {
    /// 416
    Range,
    /// 204
    NoContent,
    /// 206 with `[]`
    EmptyArray,
});
switch!(EmailOnPhysical {
    Ignored,
    /// 400 with ROO003.
    Refused,
});
switch!(BlockedRaise {
    CapacityApplied,
    NothingApplied
});
switch!(DayWrapping {
    ResponseDay,
    Response
});
switch!(UpdateAnswer { Day, Empty });
switch!(Authorization { Both, Bearer, Bare });
switch!(LegacyHeaders { Accepted, Refused });
switch!(Permission { Granted, Denied });
switch!(EmptyUrl { Refused, Clears });
