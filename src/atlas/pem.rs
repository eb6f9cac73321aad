//! The outer form of a certificate or key, without decoding it. Expiry is not checked: Atlas accepts expired
//! certificates (evidence.md SEC-015).

/// The form of a value that should be PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PemShape {
    Certificate,
    Key,
    EncryptedKey,
    /// BEGIN and END lines that are joined by the two characters `\` and `n`, or by spaces, instead of line breaks.
    Escaped,
    Folded,
    /// The path of a file.
    Path,
    /// A BEGIN line without its END line, or the other way round.
    Cut,
    Other,
}

/// Checks the BEGIN and END lines (RFC 7468) and the line breaks between them, nothing else.
pub(crate) fn look(text: &str) -> PemShape {
    let text = text.trim();
    let begin = text.find("-----BEGIN ");
    let end = text.rfind("-----END ");
    let (Some(begin), Some(end)) = (begin, end) else {
        let path = !text.contains(['\n', '\r']) && text.len() < 4096 && is_path(text);
        return match (begin, end) {
            (None, None) if path => PemShape::Path,
            (None, None) => PemShape::Other,
            _ => PemShape::Cut,
        };
    };
    // `openssl ecparam -genkey` writes the parameters of the curve before the key.
    let mut labels = text.split("-----BEGIN ").skip(1).map(|rest| rest.split("-----").next().unwrap_or(rest));
    let label = labels.find(|label| !label.ends_with("PARAMETERS")).unwrap_or_default();
    if !text.contains('\n') && !text.contains('\r') {
        return if text.contains("\\n") { PemShape::Escaped } else { PemShape::Folded };
    }
    if end < begin {
        return PemShape::Cut;
    }
    if label.ends_with("CERTIFICATE") {
        PemShape::Certificate
    } else if label.starts_with("ENCRYPTED") || text.contains("Proc-Type: 4,ENCRYPTED") {
        PemShape::EncryptedKey
    } else if label.ends_with("PRIVATE KEY") {
        PemShape::Key
    } else {
        PemShape::Other
    }
}

fn is_path(text: &str) -> bool {
    let extension = [".pem", ".crt", ".cer", ".key", ".der", ".p12", ".jks"];
    let lower = text.to_ascii_lowercase();
    extension.iter().any(|extension| lower.ends_with(extension))
        || ["/", "~", "./", "../", "file:"].iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::{PemShape, look};

    #[test]
    fn pem_shapes_are_recognized() {
        assert_eq!(look("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"), PemShape::Certificate);
        assert_eq!(look("-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----"), PemShape::Key);
        assert_eq!(
            look("-----BEGIN ENCRYPTED PRIVATE KEY-----\nM\n-----END ENCRYPTED PRIVATE KEY-----"),
            PemShape::EncryptedKey
        );
        let of_ecparam = "-----BEGIN EC PARAMETERS-----\nBg\n-----END EC PARAMETERS-----\n\
            -----BEGIN EC PRIVATE KEY-----\nMH\n-----END EC PRIVATE KEY-----\n";
        assert_eq!(look(of_ecparam), PemShape::Key);
        assert_eq!(look("-----BEGIN EC PARAMETERS-----\nBg\n-----END EC PARAMETERS-----\n"), PemShape::Other);
        assert_eq!(look("-----BEGIN CERTIFICATE-----\\nMII\\n-----END CERTIFICATE-----"), PemShape::Escaped);
        assert_eq!(look("-----BEGIN CERTIFICATE----- MII -----END CERTIFICATE-----"), PemShape::Folded);
        assert_eq!(look("-----BEGIN CERTIFICATE-----\nMII"), PemShape::Cut);
        assert_eq!(look("certs/ca.pem"), PemShape::Path);
        assert_eq!(look("MII"), PemShape::Other);
    }
}
