//! Which server the settings name, and who we are there.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::secret::{MissingSecret, READ_LIMIT, Secret, SecretSource, Vault};
use crate::settings::{
    BadStoreUrl, CredentialValue, Login, PLAIN_PASSWORD, SharedSettings, StorePlace, StoreServer,
    StoreUrl,
};

/// Why no store can be asked, whatever it says.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OpenError {
    #[error("{0}")]
    Secret(MissingSecret),
    #[error("`url` {0}")]
    Url(BadStoreUrl),
    #[error(
        "the URL has a user or a password, and so have `username` and `password`; keep one of the two"
    )]
    TwoLogins,
    #[error("a user is never used without a password")]
    UserAlone,
    #[error("`ca_file` is never used, because the store is not asked by TLS")]
    UselessCaFile,
    #[error("nobody can be trusted: {0}")]
    Trust(String),
    #[error("`url` leads to a server that cannot be used: {0}")]
    Cluster(&'static str),
    #[error("no thread for the store: {0}")]
    Thread(String),
}

/// A server, or those that name one.
pub struct Target {
    pub server: Server,
    pub database: u16,
    pub credentials: Credentials,
    pub tls: Option<TlsConnector>,
    /// What works and is probably not meant.
    pub warning: Option<&'static str>,
}

pub enum Server {
    Fixed(StorePlace),
    Sentinels {
        master: String,
        addresses: Vec<(String, u16)>,
        tls: bool,
        credentials: Credentials,
    },
}

/// A user and a password; a password alone is that of the default user.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    pub username: Option<String>,
    pub password: Option<Secret>,
}

/// Credentials as they were read last; where they stand in files they are read again.
pub struct Credentials {
    source: Source,
    last: Mutex<Known>,
}

#[derive(Clone)]
enum Source {
    Url(SecretSource),
    Login(Login),
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Target")
    }
}

impl Target {
    /// With the secrets of the vault.
    ///
    /// # Errors
    /// What is missing or does not go together, never a value.
    pub fn open(settings: &SharedSettings, vault: &Vault) -> Result<Self, OpenError> {
        let login = known(&settings.login, vault)?;
        let has_login = login != Known::default();
        let (server, database, credentials) = match &settings.server {
            StoreServer::Open(url) => (
                Server::Fixed(url.place.clone()),
                url.database,
                Credentials::of_login(&settings.login, login),
            ),
            StoreServer::Secret(source) => {
                let text = vault.get(source).map_err(OpenError::Secret)?;
                let url = StoreUrl::parse(text.reveal()).map_err(OpenError::Url)?;
                let of_url = Known::of(&url)?;
                if has_login && of_url != Known::default() {
                    return Err(OpenError::TwoLogins);
                }
                let credentials = if has_login {
                    Credentials::of_login(&settings.login, login)
                } else {
                    Credentials::new(Source::Url(source.clone()), of_url)
                };
                (Server::Fixed(url.place), url.database, credentials)
            }
            StoreServer::Sentinel(sentinel) => {
                let own = known(&sentinel.login, vault)?;
                let server = Server::Sentinels {
                    master: sentinel.master.clone(),
                    addresses: sentinel.addresses.clone(),
                    tls: sentinel.tls,
                    credentials: Credentials::of_login(&sentinel.login, own),
                };
                (server, 0, Credentials::of_login(&settings.login, login))
            }
        };
        let is_tls = match &server {
            Server::Fixed(place) => place.is_tls(),
            Server::Sentinels { tls, .. } => *tls,
        };
        if !is_tls && settings.ca_file.is_some() {
            return Err(OpenError::UselessCaFile);
        }
        let tls = is_tls.then(|| trust(settings.ca_file.as_deref()));
        let plain = match &server {
            Server::Fixed(place) => place.is_plain_to_others(),
            // Told at load.
            Server::Sentinels { .. } => false,
        };
        let hidden = matches!(settings.server, StoreServer::Secret(_));
        let warns = plain && hidden && credentials.last().password.is_some();
        Ok(Self {
            server,
            database,
            credentials,
            tls: tls.transpose()?,
            warning: warns.then_some(PLAIN_PASSWORD),
        })
    }
}

impl Known {
    fn of(url: &StoreUrl) -> Result<Self, OpenError> {
        if url.username.is_some() && url.password.is_none() {
            return Err(OpenError::UserAlone);
        }
        Ok(Self {
            username: url.username.clone(),
            password: url.password.clone(),
        })
    }
}

fn known(login: &Login, vault: &Vault) -> Result<Known, OpenError> {
    let get = |source| vault.get(source).map_err(OpenError::Secret);
    let username = match &login.username {
        Some(CredentialValue::Literal(name)) => Some(name.clone()),
        Some(CredentialValue::Secret(source)) => Some(get(source)?.reveal().to_owned()),
        None => None,
    };
    let password = login.password.as_ref().map(get).transpose()?;
    Ok(Known { username, password })
}

impl Credentials {
    fn new(source: Source, known: Known) -> Self {
        Self {
            source,
            last: Mutex::new(known),
        }
    }

    fn of_login(login: &Login, known: Known) -> Self {
        Self::new(Source::Login(login.clone()), known)
    }

    pub fn last(&self) -> Known {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone()
    }

    /// As they are now. A file that cannot be read, or that hangs, leaves them as they were.
    pub async fn now(&self) -> Known {
        let before = self.last();
        let source = self.source.clone();
        if !source.is_in_a_file() {
            return before;
        }
        let read = tokio::task::spawn_blocking(move || source.read());
        match timeout(READ_LIMIT, read).await {
            Ok(Ok(Some(now))) => {
                let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
                last.clone_from(&now);
                now
            }
            _ => before,
        }
    }
}

impl Source {
    fn is_in_a_file(&self) -> bool {
        let is_file = |source: &SecretSource| source.file().is_some();
        match self {
            Self::Url(source) => is_file(source),
            Self::Login(login) => login.secrets().any(is_file),
        }
    }

    /// May hang.
    fn read(&self) -> Option<Known> {
        match self {
            Self::Url(source) => {
                let url = StoreUrl::parse(source.read().ok()?.reveal()).ok()?;
                Known::of(&url).ok()
            }
            Self::Login(login) => {
                let vault = Vault::read(login.secrets());
                known(login, &vault).ok()
            }
        }
    }
}

/// The CAs of a file, or those of the system.
fn trust(ca_file: Option<&Path>) -> Result<TlsConnector, OpenError> {
    let failed = |text: String| OpenError::Trust(text);
    let certificates: Vec<CertificateDer<'static>> = match ca_file {
        Some(path) => {
            let pem = std::fs::read(path)
                .map_err(|error| failed(format!("{} cannot be read: {error}", path.display())))?;
            let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
            all.map_err(|_| {
                failed(format!(
                    "{} holds no whole PEM certificates",
                    path.display()
                ))
            })?
        }
        None => rustls_native_certs::load_native_certs()
            .map_err(|error| failed(format!("the system's CA certificates: {error}")))?,
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    if roots.is_empty() {
        return Err(failed(
            "there are no usable CA certificates; install them, or set `ca_file`".to_owned(),
        ));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
