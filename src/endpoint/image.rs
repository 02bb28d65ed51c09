//! The name of a container image, by the grammar of registries: `[registry[:port]/]name[/name…][:tag][@digest]`.
//!
//! The names and tags are those of the OCI distribution specification ("Pulling manifests"); where the registry ends
//! and how digests look is distribution's reference grammar (`distribution/reference`), which Docker and containerd
//! read by.

use crate::text::{Quoted, has_invisible};

/// Most characters of a tag.
const TAG_CHARS: usize = 128;
/// Digits of a SHA-256.
const SHA256_DIGITS: usize = 64;

/// Why no registry can have an image of this name, and what to do; `None`: one could, or it is blank. Blanks at the
/// ends and what can't be seen are left to whoever tells that of all texts.
pub fn wrong(image: &str) -> Option<String> {
    let image = image.trim();
    if image.is_empty() || has_invisible(image) {
        return None;
    }
    if image.contains(char::is_whitespace) {
        return Some("has a blank in it; an image is written registry/name:tag, without one".to_owned());
    }
    if let Some((scheme, _)) = image.split_once("://") {
        return Some(format!(
            "begins with {scheme}://, but an image has no scheme; leave {scheme}:// out"
        ));
    }
    let (tagged, digest) = match image.split_once('@') {
        Some((tagged, digest)) => (tagged, Some(digest)),
        None => (image, None),
    };
    // A colon before the last slash is that of a port.
    let (name, tag) = match tagged.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (tagged, None),
    };
    wrong_name(name)
        .or_else(|| tag.and_then(wrong_tag))
        .or_else(|| digest.and_then(wrong_digest))
}

fn wrong_name(name: &str) -> Option<String> {
    let (registry, path) = match name.split_once('/') {
        Some((first, rest)) if is_registry(first) => (Some(first), rest),
        _ => (None, name),
    };
    registry
        .and_then(wrong_registry)
        .or_else(|| path.split('/').find_map(wrong_part))
}

/// Whether what stands before the first slash is a host: names of images on Docker Hub have neither a dot nor a colon
/// there.
fn is_registry(first: &str) -> bool {
    first.contains(['.', ':']) || first == "localhost"
}

fn wrong_registry(registry: &str) -> Option<String> {
    let (host, port) = match registry.rsplit_once(':') {
        // An IPv6 address has colons of its own.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (registry, None),
    };
    let label = |label: &str| {
        let letters = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty() && label.bytes().all(letters) && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':'),
        None => host.split('.').all(label),
    };
    let is_port = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    (!is_host || !is_port).then(|| {
        let registry = Quoted(registry);
        format!(
            "{registry} is no registry; a host stands there, with :port if it has another one: ghcr.io, localhost:5000"
        )
    })
}

/// A part of the name between slashes.
fn wrong_part(part: &str) -> Option<String> {
    if part.is_empty() {
        return Some("has an empty part in its name; one / stands between two parts, and none at an end".to_owned());
    }
    if part.chars().any(char::is_uppercase) {
        let lower = part.to_lowercase();
        return Some(format!(
            "{} has upper case, and names of images have none; write {}",
            Quoted(part),
            Quoted(&lower)
        ));
    }
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    // Between words stand one dot, one or two underscores, or any number of dashes.
    let mut rest = part;
    loop {
        let end = rest.find(['.', '_', '-']).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let next = behind.trim_start_matches('-');
        let next = match behind.chars().next() {
            None if is_word(word) => return None,
            Some('-') => next,
            Some('_') => behind.strip_prefix("__").unwrap_or(&behind[1..]),
            Some(_) => &behind[1..],
            None => "",
        };
        if !is_word(word) || next.is_empty() {
            return Some(format!(
                "{} can't be part of an image's name; a–z and 0–9 can, with . _ __ or - between them",
                Quoted(part)
            ));
        }
        rest = next;
    }
}

fn wrong_tag(tag: &str) -> Option<String> {
    if tag.is_empty() {
        return Some("has no tag behind the colon; write one, as in :v1, or leave the colon out".to_owned());
    }
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let fits = tag.len() <= TAG_CHARS
        && tag.bytes().all(|b| is_letter(b) || matches!(b, b'.' | b'-'))
        && !tag.starts_with(['.', '-']);
    (!fits).then(|| {
        format!(
            "{} is no tag; one has at most {TAG_CHARS} letters, digits, _ . and -, neither . nor - in front",
            Quoted(tag)
        )
    })
}

fn wrong_digest(digest: &str) -> Option<String> {
    let fits = digest.split_once(':').is_some_and(|(kind, digits)| {
        let is_kind = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b"+._-".contains(&b));
        let is_hex = digits.len() >= 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        is_kind && is_hex && (kind != "sha256" || digits.len() == SHA256_DIGITS)
    });
    (!fits).then(|| {
        format!(
            "{} is no digest; behind the @ stand sha256: and {SHA256_DIGITS} hexadecimal digits",
            Quoted(digest)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_registry_can_have_is_right() {
        let digest = "sha256:".to_owned() + &"0123456789abcdef".repeat(4);
        for image in [
            "",
            "nginx",
            "nginx:latest",
            "vllm/vllm-openai:v0.6.3",
            "ghcr.io/huggingface/text-generation-inference:2.4.0",
            "registry.Example.com:5000/a/b.c/d__e/f--g_h:V1_2.3-x",
            "localhost/a",
            "localhost:5000/a:b",
            "[2001:db8::1]:5000/a",
            "us-docker.pkg.dev/project-1/repo/image",
            "0/1:2",
            &format!("a@{digest}"),
            &format!("a/b:v1@{digest}"),
            &format!("a:{}", "x".repeat(128)),
            " padded ",
        ] {
            assert_eq!(wrong(image), None, "{image}");
        }
    }

    #[test]
    fn what_no_registry_can_have_says_why_and_what_to_do() {
        for (image, said) in [
            ("vllm openai:v1", "has a blank in it"),
            ("https://ghcr.io/a/b", "leave https:// out"),
            ("docker://a/b", "leave docker:// out"),
            (
                "ghcr.io/Org/b",
                "\"Org\" has upper case, and names of images have none; write \"org\"",
            ),
            ("Org/b", "write \"org\""),
            ("Llama:v1", "write \"llama\""),
            ("a/b:", "has no tag behind the colon"),
            ("a/b:@sha256:0", "has no tag behind the colon"),
            ("a/b:v1+cu", "\"v1+cu\" is no tag"),
            ("a/b:-x", "is no tag"),
            ("a/b:.x", "is no tag"),
            ("a:b:c", "\"a:b\" can't be part"),
            ("a//b", "has an empty part"),
            ("/a", "has an empty part"),
            ("a/", "has an empty part"),
            ("ghcr.io/", "has an empty part"),
            ("a_", "\"a_\" can't be part"),
            ("a___b", "can't be part"),
            ("a..b/c/d", "is no registry"),
            ("x/a..b", "can't be part"),
            ("-a", "can't be part"),
            ("a!", "can't be part"),
            ("käse", "can't be part"),
            ("a._b", "can't be part"),
            ("ghcr.io:/a", "is no registry"),
            ("ghcr.io:x/a", "is no registry"),
            ("-x.io/a", "is no registry"),
            ("a.b..c/d", "is no registry"),
            ("[::1/a", "is no registry"),
            ("a@sha256:12", "\"sha256:12\" is no digest"),
            ("a@", "\"\" is no digest"),
            ("a@latest", "is no digest"),
        ] {
            let why = wrong(image).unwrap_or_default();
            assert!(why.contains(said), "{image}: {why}");
        }
        let long = format!("a:{}", "x".repeat(129));
        assert!(wrong(&long).is_some_and(|why| why.contains("is no tag")));
    }
}
