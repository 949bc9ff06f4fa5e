//! TLS to a server whose certificate was made by its own local authority.

use anyhow::{Context, Result};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Trusts an authority (PEM) and nobody else.
#[derive(Clone)]
pub struct Trust(TlsConnector);

impl Trust {
    /// Reads the authority's certificate.
    pub fn read(authority: &Path) -> Result<Trust> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(authority).with_context(|| format!("failed to read {}", authority.display()))?)?;
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions()?;
        Ok(Trust(TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))))
    }

    /// Shakes hands with a server at an address.
    pub async fn connect(&self, address: SocketAddr, stream: TcpStream) -> Result<TlsStream<TcpStream>> {
        self.0.connect(ServerName::IpAddress(address.ip().into()), stream).await.context("TLS")
    }
}

/// A loopback address that speaks plain HTTP and carries it to a server over TLS: for staff and for whatever else is not measured.
pub struct Tunnel {
    /// Its address, e.g. `http://127.0.0.1:40123`.
    pub base: String,
    task: JoinHandle<()>,
}

impl Tunnel {
    /// Begins to carry.
    pub async fn open(server: SocketAddr, trust: Trust) -> Result<Tunnel> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            while let Ok((mut plain, _)) = listener.accept().await {
                let trust = trust.clone();
                tokio::spawn(async move {
                    // Whoever asked sees a closed connection when something fails here.
                    let Ok(stream) = TcpStream::connect(server).await else { return };
                    let Ok(mut secure) = trust.connect(server, stream).await else { return };
                    let _ = tokio::io::copy_bidirectional(&mut plain, &mut secure).await;
                });
            }
        });
        Ok(Tunnel { base, task })
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.task.abort();
    }
}
