//! Bare Pingora answering from a map: what a hit costs when nothing else is done.
#![forbid(unsafe_code)]

use std::collections::HashMap;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use pingora::http::ResponseHeader;
use pingora::prelude::{HttpPeer, Result};
use pingora::proxy::{ProxyHttp, Session, http_proxy_service};
use pingora::server::Server;
use pingora::server::configuration::ServerConf;

struct Bare {
    /// Heads and bodies by path.
    answers: HashMap<String, (ResponseHeader, Bytes)>,
}

#[async_trait]
impl ProxyHttp for Bare {
    type CTX = ();

    fn new_ctx(&self) {}

    async fn request_filter(&self, session: &mut Session, (): &mut ()) -> Result<bool> {
        let answer = self.answers.get(session.req_header().uri.path());
        let Some((head, body)) = answer else {
            session.respond_error(404).await?;
            return Ok(true);
        };
        let head = Box::new(head.clone());
        session.write_response_header(head, false).await?;
        session
            .write_response_body(Some(body.clone()), true)
            .await?;
        Ok(true)
    }

    async fn upstream_peer(&self, _: &mut Session, (): &mut ()) -> Result<Box<HttpPeer>> {
        Err(pingora::Error::new_str("every request is answered before"))
    }
}

fn answer(number: u64) -> Result<(String, (ResponseHeader, Bytes))> {
    let body = Bytes::from(bench::rooms::json(number));
    let mut head = ResponseHeader::build(200, None)?;
    head.insert_header(CONTENT_TYPE, "application/json")?;
    head.insert_header(CONTENT_LENGTH, body.len())?;
    Ok((format!("/v1/rooms/{number}"), (head, body)))
}

/// Arguments: the address to listen on, the number of rooms.
fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next();
    let rooms = arguments.next().and_then(|rooms| rooms.parse::<u64>().ok());
    let Some((address, rooms)) = address.zip(rooms) else {
        return Err(pingora::Error::new_str("usage: bare ADDRESS ROOMS"));
    };
    let conf = ServerConf {
        threads: 1,
        work_stealing: false,
        ..ServerConf::default()
    };
    let mut server = Server::new_with_opt_and_conf(None, conf);
    server.bootstrap();
    let answers = (1..=rooms).map(answer).collect::<Result<_>>()?;
    let mut service = http_proxy_service(&server.configuration, Bare { answers });
    service.add_tcp(&address);
    server.add_service(service);
    server.run_forever()
}
