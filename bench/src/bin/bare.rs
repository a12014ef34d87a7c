//! Bare Pingora answering from a map: what a hit costs when nothing else is done.
#![forbid(unsafe_code)]

use std::collections::HashMap;

use async_trait::async_trait;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use pingora::apps::http_app::ServeHttp;
use pingora::protocols::http::ServerSession;
use pingora::server::Server;
use pingora::server::configuration::ServerConf;
use pingora::services::listening::Service;

struct Bare {
    bodies: HashMap<String, Vec<u8>>,
}

#[async_trait]
impl ServeHttp for Bare {
    async fn response(&self, session: &mut ServerSession) -> Response<Vec<u8>> {
        let body = self.bodies.get(session.req_header().uri.path());
        let mut response = Response::new(body.cloned().unwrap_or_default());
        if body.is_none() {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        let length = HeaderValue::from(response.body().len());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_LENGTH, length);
        response
    }
}

/// Arguments: the address, the path, the length of the body.
fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(path), Some(length)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return;
    };
    let length = length.parse().unwrap_or(300);
    let conf = ServerConf {
        threads: 1,
        ..ServerConf::default()
    };
    let mut server = Server::new_with_opt_and_conf(None, conf);
    server.bootstrap();
    let bodies = HashMap::from([(path, vec![b'x'; length])]);
    let mut service = Service::new("bare".to_owned(), Bare { bodies });
    service.add_tcp(&address);
    server.add_service(service);
    server.run_forever();
}
