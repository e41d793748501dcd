//! The development certificate of `cargo xtask up --tls`: created once for the loopback interface, stored beside the databases, and trusted only by
//! clients that are configured to trust it.

use std::fs::{self, OpenOptions, Permissions};
use std::io::Write as _;
use std::net::IpAddr;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair};

/// The names in the certificate.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The validity of a new certificate.
const VALIDITY: Duration = Duration::from_secs(90 * DAY.as_secs());

/// The mode of the key, which only its owner may read.
const KEY_MODE: u32 = 0o600;

/// The text before the certificate in its file, where PEM allows text (RFC 7468, section 2). The end of the validity follows, in seconds since 1970.
const EXPIRES: &str = "Development certificate of Spindle, made by `cargo xtask up --tls`. Expires: ";

/// A certificate and its private key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The certificate, which is its own issuer: a client that trusts it trusts no other certificate.
    pub cert: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Returns whether a server on `address` is reachable under a name in the certificate.
pub fn covers(address: IpAddr) -> bool {
    address.is_unspecified() || NAMES.contains(&address.to_string().as_str())
}

/// Returns the certificate in `folder`. Creates it if it or its key is missing, or if it expires within a day. Does not change a certificate that
/// the operator has put there.
///
/// # Errors
///
/// If a file cannot be read or written, or no key can be created.
pub fn ensure(folder: &Path) -> Result<Files> {
    ensure_at(folder, SystemTime::now())
}

fn ensure_at(folder: &Path, now: SystemTime) -> Result<Files> {
    let files = Files { cert: folder.join("cert.pem"), key: folder.join("key.pem") };
    if files.key.exists() && fs::read_to_string(&files.cert).is_ok_and(|cert| is_valid_at(&cert, now + DAY)) {
        // A copy or the restoration of a backup may have changed the mode.
        fs::set_permissions(&files.key, Permissions::from_mode(KEY_MODE))
            .with_context(|| format!("cannot protect {}", files.key.display()))?;
        return Ok(files);
    }
    let (cert, key) = create(now)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    // The key first, so that a certificate never exists without its key.
    replace(&files.key, &key, KEY_MODE)?;
    replace(&files.cert, &cert, 0o644)?;
    Ok(files)
}

fn is_valid_at(cert: &str, time: SystemTime) -> bool {
    let Some(expires) = cert.lines().find_map(|line| line.strip_prefix(EXPIRES)) else { return true };
    expires.trim().parse().is_ok_and(|expires| seconds(time) < expires)
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Creates a new certificate and its key.
fn create(now: SystemTime) -> Result<(String, String)> {
    let mut params = CertificateParams::new(NAMES.map(str::to_owned))?;
    params.distinguished_name.push(DnType::CommonName, "Spindle development");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    // The clock of a virtual machine may be a little behind that of its host.
    params.not_before = epoch + Duration::from_secs(seconds(now - DAY));
    params.not_after = epoch + Duration::from_secs(seconds(now + VALIDITY));
    let key = KeyPair::generate()?;
    let cert = params.self_signed(&key)?;
    Ok((format!("{EXPIRES}{}\n{}", seconds(now + VALIDITY), cert.pem()), key.serialize_pem()))
}

/// Writes `text` to `path` completely or not at all, and never readable for more than `mode` allows.
fn replace(path: &Path, text: &str, mode: u32) -> Result<()> {
    let new = path.with_extension("new");
    let write = || {
        let _ = fs::remove_file(&new);
        let mut file = OpenOptions::new().create_new(true).write(true).mode(mode).open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &Files) -> (String, String) {
        (fs::read_to_string(&files.cert).unwrap(), fs::read_to_string(&files.key).unwrap())
    }

    #[test]
    fn a_certificate_is_created_once_and_only_the_owner_can_read_its_key() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("tls");
        let files = ensure(&folder).unwrap();
        let first = read(&files);
        assert_eq!(fs::metadata(&files.key).unwrap().permissions().mode() & 0o777, KEY_MODE);
        assert_eq!(ensure(&folder).unwrap(), files);
        assert_eq!(read(&files), first);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "no other files remain");
    }

    #[test]
    fn a_certificate_is_renewed_on_its_last_day() {
        let dir = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let first = read(&ensure_at(dir.path(), now).unwrap());
        let minute = Duration::from_secs(60);
        assert_eq!(read(&ensure_at(dir.path(), now + VALIDITY - DAY - minute).unwrap()), first);
        let last_day = read(&ensure_at(dir.path(), now + VALIDITY - DAY + minute).unwrap());
        assert_ne!(last_day, first);
        let long_expired = read(&ensure_at(dir.path(), now + VALIDITY * 3).unwrap());
        assert_ne!(long_expired, last_day);
    }

    #[test]
    fn a_certificate_without_its_key_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let files = ensure(dir.path()).unwrap();
        let first = read(&files);
        fs::remove_file(&files.key).unwrap();
        assert_ne!(read(&ensure(dir.path()).unwrap()), first);
    }

    #[test]
    fn a_certificate_of_the_operator_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let (cert, key) = create(SystemTime::now()).unwrap();
        fs::write(dir.path().join("cert.pem"), cert.split_once('\n').unwrap().1).unwrap();
        fs::write(dir.path().join("key.pem"), &key).unwrap();
        assert_eq!(read(&ensure_at(dir.path(), SystemTime::now() + VALIDITY * 2).unwrap()).1, key);
    }

    #[test]
    fn only_the_loopback_interface_is_covered() {
        for (address, covered) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("0.0.0.0", true),
            ("::", true),
            ("127.0.0.2", false),
            ("10.0.0.1", false),
        ] {
            assert_eq!(covers(address.parse().unwrap()), covered, "{address}");
        }
    }
}
