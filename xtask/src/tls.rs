//! The development certificate of `cargo xtask up --tls`: made once for the loopback interface, kept beside the databases,
//! and trusted by nobody who is not told to.

use std::fs::{self, OpenOptions, Permissions};
use std::io::Write as _;
use std::net::IpAddr;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair};

/// Whom the certificate is for.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a new certificate is good for.
const VALID: Duration = Duration::from_secs(90 * DAY.as_secs());

/// Only its owner may read the key.
const KEY_MODE: u32 = 0o600;

/// Stands before the certificate in its file, where PEM allows text (RFC 7468, section 2), and is followed by the end of
/// its validity in seconds since 1970.
const EXPIRES: &str = "Development certificate of Spindle, made by `cargo xtask up --tls`. Expires: ";

/// A certificate and its private key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The certificate, which is its own issuer: whoever trusts it trusts nothing else.
    pub cert: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Whether a server that listens on `address` can be reached under a name that the certificate has.
pub fn covers(address: IpAddr) -> bool {
    address.is_unspecified() || NAMES.contains(&address.to_string().as_str())
}

/// The certificate in `folder`. It is made if it or its key is missing, or if it expires within a day. One that somebody
/// else has put there stays as it is.
///
/// # Errors
///
/// If a file cannot be read or written, or no key can be made.
pub fn ensure(folder: &Path) -> Result<Files> {
    ensure_at(folder, SystemTime::now())
}

fn ensure_at(folder: &Path, now: SystemTime) -> Result<Files> {
    let files = Files { cert: folder.join("cert.pem"), key: folder.join("key.pem") };
    if files.key.exists() && fs::read_to_string(&files.cert).is_ok_and(|cert| good_at(&cert, now + DAY)) {
        // The mode of the folder it was copied from, or of a careless backup.
        fs::set_permissions(&files.key, Permissions::from_mode(KEY_MODE))
            .with_context(|| format!("cannot protect {}", files.key.display()))?;
        return Ok(files);
    }
    let (cert, key) = make(now)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // The key first: a certificate is only there together with its key.
    replace(&files.key, &key, KEY_MODE)?;
    replace(&files.cert, &cert, 0o644)?;
    Ok(files)
}

fn good_at(cert: &str, time: SystemTime) -> bool {
    let Some(expires) = cert.lines().find_map(|line| line.strip_prefix(EXPIRES)) else { return true };
    expires.trim().parse().is_ok_and(|expires| seconds(time) < expires)
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// A new certificate and its key.
fn make(now: SystemTime) -> Result<(String, String)> {
    let mut params = CertificateParams::new(NAMES.map(str::to_owned))?;
    params.distinguished_name.push(DnType::CommonName, "Spindle development");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    // A virtual machine's clock may be a little behind its host's.
    params.not_before = epoch + Duration::from_secs(seconds(now - DAY));
    params.not_after = epoch + Duration::from_secs(seconds(now + VALID));
    let key = KeyPair::generate()?;
    let cert = params.self_signed(&key)?;
    Ok((format!("{EXPIRES}{}\n{}", seconds(now + VALID), cert.pem()), key.serialize_pem()))
}

/// Puts `text` at `path` whole or not at all, and never readable for more than `mode` allows.
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
    fn a_certificate_is_made_once_and_its_key_is_for_the_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("tls");
        let made = ensure(&folder).unwrap();
        let first = read(&made);
        assert_eq!(fs::metadata(&made.key).unwrap().permissions().mode() & 0o777, KEY_MODE);
        assert_eq!(ensure(&folder).unwrap(), made);
        assert_eq!(read(&made), first);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "nothing else is left there");
    }

    #[test]
    fn a_certificate_is_renewed_from_its_last_day_on() {
        let dir = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let first = read(&ensure_at(dir.path(), now).unwrap());
        let minute = Duration::from_secs(60);
        assert_eq!(read(&ensure_at(dir.path(), now + VALID - DAY - minute).unwrap()), first);
        let last_day = read(&ensure_at(dir.path(), now + VALID - DAY + minute).unwrap());
        assert_ne!(last_day, first);
        let long_expired = read(&ensure_at(dir.path(), now + VALID * 3).unwrap());
        assert_ne!(long_expired, last_day);
    }

    #[test]
    fn without_its_key_a_certificate_is_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let files = ensure(dir.path()).unwrap();
        let first = read(&files);
        fs::remove_file(&files.key).unwrap();
        assert_ne!(read(&ensure(dir.path()).unwrap()), first);
    }

    #[test]
    fn a_certificate_that_somebody_put_there_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (cert, key) = make(SystemTime::now()).unwrap();
        fs::write(dir.path().join("cert.pem"), cert.split_once('\n').unwrap().1).unwrap();
        fs::write(dir.path().join("key.pem"), &key).unwrap();
        assert_eq!(read(&ensure_at(dir.path(), SystemTime::now() + VALID * 2).unwrap()).1, key);
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
