//! What the sandbox holds at the start: invented rooms and days, the samples of the vendors' pages
//! among them.

use crate::day::Day;
use crate::room::{Room, RoomType};

/// Id, external id, name, capacity, address, telephone, postal code, city, province.
type Row = (
    u64,
    &'static str,
    &'static str,
    i32,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip] // a table reads by lines
const ROOMS: [Row; 24] = [
    (2101, "pr002", "Aula Rosalía de Castro", 24, "Rúa do Franco 12", "+34900000001", "15705", "Santiago de Compostela", "A Coruña"),
    (2102, "pr003", "Aula Castelao", 30, "Praza de España 3", "+34900000002", "36002", "Pontevedra", "Pontevedra"),
    (2103, "pr004", "Sala Emilia Pardo Bazán", 16, "Rúa Tabernas 11", "+34900000003", "15001", "A Coruña", "A Coruña"),
    (2104, "pr005", "Laboratorio de redes", 18, "Avda. de Vigo 45, 2º", "+34900000004", "36210", "Vigo", "Pontevedra"),
    (2105, "pr006", "Salón de actos «Ágora»", 220, "Rúa da Gramela 17", "+34900000005", "15010", "A Coruña", "A Coruña"),
    (2106, "pr007", "Aula 007", 7, "Carrer de la Mar 7", "+34900000006", "00715", "Palma", "Illes Balears"),
    (2107, "aula-ñ", "Aula Ñ", 20, "Calle España 1", "+34900000007", "28001", "Madrid", "Madrid"),
    (2108, "pr009", "Sala de juntas", 10, "Calle Mayor 8 & 10", "+34900000008", "28013", "Madrid", "Madrid"),
    (2109, "pr010", "Taller de soldadura", 12, "Polígono de Pocomaco, parcela C-9", "+34900000009", "15190", "A Coruña", "A Coruña"),
    (2110, "pr011", "Aula Álvaro Cunqueiro", 28, "Rúa Progreso 60", "+34900000010", "27740", "Mondoñedo", "Lugo"),
    (2111, "pr012", "Sala Ría de Arousa", 40, "Paseo da Calzada s/n", "+34900000011", "36600", "Vilagarcía de Arousa", "Pontevedra"),
    (2112, "pr013", "Aula Concepción Arenal", 32, "Rúa Real 100", "+34900000012", "15402", "Ferrol", "A Coruña"),
    (2113, "pr014", "Aula As Burgas", 26, "Rúa das Burgas 2", "+34900000013", "32005", "Ourense", "Ourense"),
    (2114, "pr015", "Sala Muralla", 22, "Rolda da Muralla 50", "+34900000014", "27001", "Lugo", "Lugo"),
    (2115, "pr016", "Aula Cíes", 35, "Rúa Areal 18", "+34900000015", "36201", "Vigo", "Pontevedra"),
    (2116, "pr017", "Sala Finisterre", 15, "Calle de la Paz 4", "+34900000016", "33001", "Oviedo", "Asturias"),
    (2117, "pr018", "Aula Gaudí", 45, "Carrer d'Icària 30", "+34900000017", "08005", "Barcelona", "Barcelona"),
    (2118, "pr019", "Sala Giralda", 60, "Avda. de la Constitución 1", "+34900000018", "41001", "Sevilla", "Sevilla"),
    (2119, "pr020", "Aula Iruña", 25, "Calle Estafeta 33", "+34900000019", "31001", "Pamplona/Iruña", "Navarra"),
    (2120, "pr021", "Sala Bilbo <norte>", 14, "Gran Vía 21, 3.º izda.", "+34900000020", "48001", "Bilbao", "Bizkaia"),
    (2121, "pr022", "Aula 100 % práctica", 8, "Calle Colón 5", "+34900000021", "46004", "València", "València"),
    (2122, "pr023", "Sala reservada", 50, "Rúa Nova 9", "+34900000022", "15705", "Santiago de Compostela", "A Coruña"),
    (2123, "pr024", "Sala con lista de espera", 10, "Rúa do Vilar 21", "+34900000023", "15705", "Santiago de Compostela", "A Coruña"),
    (2145, "pr001", "Sala de conferencias 1", 100, "Calle Icaria 30", "+34981523698", "15008", "Burgo", "A Coruña"),
];

/// Older than the API: no external id, no capacity.
const LEGACY: u64 = 2;
/// Provokes ROO004 on delete.
const RESERVED: u64 = 2122;
/// Provokes ROO005 when its capacity is raised.
const BLOCKED: u64 = 2123;
/// The room of the vendor's samples, and the one with a contact address.
const SAMPLE: u64 = 2145;

pub(crate) fn rooms() -> Vec<Room> {
    let legacy = Room {
        id: LEGACY,
        name: "Sala antigua".to_owned(),
        city: Some("Burgo".to_owned()),
        active: true,
        ..Room::default()
    };
    std::iter::once(legacy)
        .chain(ROOMS.into_iter().map(room))
        .collect()
}

fn room(row: Row) -> Room {
    let (id, external_id, name, capacity, address, telephone, postal_code, city, province) = row;
    let text = |text: &str| Some(text.to_owned());
    let sample = id == SAMPLE;
    Room {
        capacity: Some(capacity),
        address: text(address),
        telephone: text(telephone),
        postal_code: text(postal_code),
        city: text(city),
        province: text(province),
        observations: sample.then(|| "Sala de conferencias para eventos externos".to_owned()),
        room_type: if sample {
            RoomType::ExternalPhysicalRoom
        } else {
            RoomType::PhysicalRoom
        },
        contact_email: sample.then(|| "netex@elearning.com".to_owned()),
        reserved: id == RESERVED,
        waiting_list_blocked: id == BLOCKED,
        ..Room::new(id, external_id, name)
    }
}

pub(crate) fn days() -> Vec<Day> {
    let day = |day_id: &str, start_time: &str| Day {
        day_id: day_id.to_owned(),
        session_id: "1f6a2d0e-c96a-11ed-8b3c-b6c48b3dc692".to_owned(),
        training_id: "0c1b7a52-c96a-11ed-a1f0-b6c48b3dc692".to_owned(),
        start_time: start_time.to_owned(),
        ..Day::default()
    };
    vec![
        Day {
            duration: Some(5400),
            location: Some("Aula Rosalía de Castro, Santiago".to_owned()),
            url: Some("https://meet.example/antiga?a=1&b=2".to_owned()),
            ..day(
                "4728d47a-c96a-11ed-97ec-b6c48b3dc692",
                "2023-03-31T15:30:00-07:00",
            )
        },
        Day {
            duration: Some(3600),
            location: Some("Учебный класс № 3".to_owned()),
            ..day(
                "5a0c5a34-d3a1-11ed-9c55-b6c48b3dc692",
                "2023-04-11T12:30:00+03:00",
            )
        },
        // Nothing but what the vendor's OpenAPI requires.
        day(
            "7d1e9f10-e0b2-11ed-8f27-b6c48b3dc692",
            "2023-04-12T09:00:00+02:00",
        ),
    ]
}
