//! Which process this is.

/// `service.instance.id`: a UUID of version 4 (RFC 9562 §5.4), of each process another.
#[derive(Debug, Clone)]
pub struct Instance(String);

impl Instance {
    #[must_use]
    pub fn random() -> Self {
        let mut id = rand::random::<u128>();
        id &= !(0xf << 76 | 0xc << 60);
        id |= 0x4 << 76 | 0x8 << 60;
        let hex = format!("{id:032x}");
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
        let parts = parts.map(|part| hex.get(part).unwrap_or_default());
        Self(parts.join("-"))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_uuid_of_version_4() {
        for _ in 0..50 {
            let id = Instance::random().0;
            assert_eq!(id.len(), 36, "{id}");
            let parts: Vec<&str> = id.split('-').collect();
            assert!(parts[2].starts_with('4'), "{id}");
            assert!(parts[3].starts_with(['8', '9', 'a', 'b']), "{id}");
        }
    }
}
