//! HTTPS with a given certificate.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};
use spindle_host::TlsFiles;

use crate::support::{PROBE, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn an_application_can_be_served_over_tls() {
    let app = TestApp::new(PROBE);
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    app.write("cert.pem", &made.cert.pem());
    app.write("key.pem", &made.signing_key.serialize_pem());
    let (cert, key) = (app.path("cert.pem"), app.path("key.pem"));
    let host = app.start_with(|options| options.tls = Some(TlsFiles { cert, key })).await;
    assert!(host.url("").starts_with("https://"));

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector =
        hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(config).https_only().enable_all_versions().build();
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(connector);
    let request = Request::get(host.url("/who")).body(Full::default()).unwrap();
    let response = client.request(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(text.contains("spin-full-url: https://"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_cannot_be_read_is_named() {
    let app = TestApp::new(PROBE);
    app.write("cert.pem", "nothing");
    let mut options = app.options();
    options.tls = Some(TlsFiles { cert: app.path("cert.pem"), key: app.path("cert.pem") });
    let error = spindle_host::Host::start(options).await.unwrap_err();
    assert!(format!("{error:#}").contains("cert.pem"), "{error:#}");
}
