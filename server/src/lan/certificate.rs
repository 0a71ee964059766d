//! What a phone is shown so that nobody between it and this computer can read along: a certificate for our
//! addresses, by an authority of our own, which can speak for nothing but private addresses and our name.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, SanType,
};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::networks::PRIVATE;
use crate::privacy::make_folder;

/// How long a certificate is good. Browsers take up to 398 days.
const GOOD_FOR: Duration = Duration::days(397);

/// How long the authority is.
const AUTHORITY_GOOD_FOR: Duration = Duration::days(3650);

/// The authority of a data folder.
pub struct Authority {
    /// Its certificate, as phones take it.
    pub pem: String,
    params: CertificateParams,
    key: KeyPair,
}

/// A certificate, ready to be used.
pub struct Identity {
    /// How connections are encrypted.
    pub config: Arc<ServerConfig>,
    /// SHA-256 of the certificate.
    pub fingerprint: [u8; 32],
}

/// How many words people compare.
const WORDS: usize = 4;

impl Authority {
    /// The one that is in this folder, or a new one. `name` is ours on the network.
    pub fn open(folder: &Path, name: &str) -> Result<Authority> {
        make_folder(folder)?;
        let (key_file, file) = (folder.join("authority.key"), folder.join("authority.pem"));
        let params = authority(name);
        if let (Ok(key), Ok(pem)) = (fs::read_to_string(&key_file), fs::read_to_string(&file))
            && let Ok(key) = KeyPair::from_pem(&key)
        {
            return Ok(Authority { pem, params, key });
        }
        let key = KeyPair::generate().context("No key could be made")?;
        let pem = params.self_signed(&key).context("No certificate could be made")?.pem();
        write(&key_file, &key.serialize_pem())?;
        write(&file, &pem)?;
        Ok(Authority { pem, params, key })
    }

    /// A new certificate for these addresses and a name, with a key that is kept nowhere.
    pub fn identity(&self, name: &str, addresses: &[IpAddr]) -> Result<Identity> {
        let key = KeyPair::generate().context("No key could be made")?;
        let mut params = CertificateParams::new(vec![name.to_owned()])?;
        params.subject_alt_names.extend(addresses.iter().map(|it| SanType::IpAddress(*it)));
        params.distinguished_name = called("Wick");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        (params.not_before, params.not_after) = from_yesterday(GOOD_FOR);
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate =
            params.signed_by(&key, &issuer).context("No certificate could be made")?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        let authority = CertificateDer::from_pem_slice(self.pem.as_bytes())?;
        of(vec![certificate.der().clone(), authority], key)
    }
}

impl Identity {
    /// The beginning of the fingerprint as words, 11 bits each (BIP-39's list: no two begin with the same
    /// four letters).
    pub fn words(&self) -> String {
        let list = bip39::Language::English.word_list();
        let bits =
            self.fingerprint.iter().take(8).fold(0, |bits: u64, it| bits << 8 | u64::from(*it));
        let word = |n: usize| list[(bits >> (64 - 11 * (n + 1))) as usize % list.len()];
        (0..WORDS).map(word).collect::<Vec<_>>().join(" ")
    }

    /// The one that a person brings, in files.
    pub fn read(certificate: &Path, key: &Path) -> Result<Identity> {
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
        let chain =
            chain.with_context(|| format!("{} is no certificate", certificate.display()))?;
        let key = PrivateKeyDer::from_pem_file(key)
            .with_context(|| format!("{} is no key", key.display()))?;
        of(chain, key)
    }
}

fn of(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Identity> {
    let first = chain.first().context("There is no certificate")?;
    let fingerprint = Sha256::digest(first).into();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("The key does not fit the certificate")?;
    Ok(Identity { config: Arc::new(config), fingerprint })
}

/// Says the same each time, as what it signs names it.
fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = called(&format!("Wick on {name}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let networks =
        PRIVATE.map(|(address, mask)| GeneralSubtree::IpAddress(CidrSubnet::V4(address, mask)));
    let mut permitted_subtrees = Vec::from(networks);
    permitted_subtrees.push(GeneralSubtree::DnsName(name.to_owned()));
    params.name_constraints =
        Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
    (params.not_before, params.not_after) = from_yesterday(AUTHORITY_GOOD_FOR);
    params
}

/// The clock of a phone may be behind ours.
fn from_yesterday(length: Duration) -> (OffsetDateTime, OffsetDateTime) {
    let yesterday = OffsetDateTime::now_utc() - Duration::days(1);
    (yesterday, yesterday + length)
}

fn called(name: &str) -> DistinguishedName {
    let mut called = DistinguishedName::new();
    called.push(DnType::CommonName, name);
    called
}

fn write(file: &Path, text: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let written = options.open(file).and_then(|mut it| it.write_all(text.as_bytes()));
    written.with_context(|| format!("{} can't be written", file.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const NAME: &str = "wick-1f3a.local";

    #[test]
    fn the_authority_is_kept_for_its_owner_and_signs_anew_each_time() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let folder = folder.path().join("tls");
        let address = [IpAddr::from([192, 168, 1, 5])];
        let first = Authority::open(&folder, NAME).expect("there is room");
        let again = Authority::open(&folder, NAME).expect("it is there");
        assert_eq!(first.pem, again.pem);
        let one = first.identity(NAME, &address).expect("it is ours");
        let other = again.identity(NAME, &address).expect("it is ours");
        assert_ne!(one.fingerprint, other.fingerprint);
        for name in ["authority.key", "authority.pem"] {
            let facts = fs::metadata(folder.join(name)).expect("it is there");
            assert_eq!(facts.permissions().mode() & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn other_certificates_have_other_words() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let authority = Authority::open(&folder.path().join("tls"), NAME).expect("there is room");
        let mut identity = authority.identity(NAME, &[]).expect("it is ours");
        identity.fingerprint = [0; 32];
        assert_eq!(identity.words(), "abandon abandon abandon abandon");
        identity.fingerprint[5] = 0b0001_0000;
        assert_eq!(identity.words(), "abandon abandon abandon ability");
        identity.fingerprint = [255; 32];
        assert_eq!(identity.words(), "zoo zoo zoo zoo");
    }

    /// Whether a phone that has the authority takes a certificate for this address.
    async fn is_taken(authority: &Authority, address: [u8; 4]) -> bool {
        use tokio_rustls::rustls::pki_types::ServerName;
        use tokio_rustls::rustls::{ClientConfig, RootCertStore};
        use tokio_rustls::{TlsAcceptor, TlsConnector};
        let address = IpAddr::from(address);
        let identity = authority.identity(NAME, &[address]).expect("it is ours");
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from_pem_slice(authority.pem.as_bytes()).expect("it is one");
        roots.add(root).expect("it can sign");
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let phone = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("it knows some")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let (here, there) = tokio::io::duplex(1 << 14);
        let connector = TlsConnector::from(Arc::new(phone));
        let acceptor = TlsAcceptor::from(identity.config);
        let (taken, _) = tokio::join!(
            connector.connect(ServerName::IpAddress(address.into()), here),
            acceptor.accept(there)
        );
        taken.is_ok()
    }

    #[tokio::test]
    async fn the_authority_speaks_for_private_addresses_only() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let authority = Authority::open(&folder.path().join("tls"), NAME).expect("there is room");
        for private in [[192, 168, 1, 5], [10, 1, 2, 3], [172, 31, 0, 1], [100, 64, 9, 9]] {
            assert!(is_taken(&authority, private).await, "{private:?}");
        }
        for other in [[8, 8, 8, 8], [172, 32, 0, 1], [127, 0, 0, 1]] {
            assert!(!is_taken(&authority, other).await, "{other:?}");
        }
    }

    #[test]
    fn what_a_person_brings_has_to_fit() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let (certificate, key) = (folder.path().join("a.pem"), folder.path().join("a.key"));
        let made = rcgen::generate_simple_self_signed(vec!["wick.test".into()]).expect("it is one");
        write(&certificate, &made.cert.pem()).expect("there is room");
        write(&key, &made.signing_key.serialize_pem()).expect("there is room");
        assert!(Identity::read(&certificate, &key).is_ok());
        let other = KeyPair::generate().expect("there are random numbers");
        write(&key, &other.serialize_pem()).expect("there is room");
        assert!(Identity::read(&certificate, &key).is_err());
        assert!(Identity::read(&key, &key).is_err());
    }
}
