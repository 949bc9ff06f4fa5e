//! Settings from four layers, and what is said when one of them is wrong.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use server::config::{Error, Flags, Loaded, Origin, Tls, load};
use std::path::Path;

/// A data directory, perhaps with a file of settings.
fn directory(file: Option<&str>) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    if let Some(text) = file {
        std::fs::write(dir.path().join("saksama.toml"), text).unwrap();
    }
    dir
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn load_in(dir: &Path, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Loaded, Error> {
    let mut values = pairs(flags);
    values.push(("data".to_owned(), dir.to_string_lossy().into_owned()));
    load(&Flags { config: None, values }, pairs(environment))
}

fn origin_of(loaded: &Loaded, key: &str) -> Origin {
    loaded.shown.iter().find(|shown| shown.key == key).unwrap().origin.clone()
}

/// What is said, for a file, an environment and flags.
fn said(file: Option<&str>, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> String {
    let dir = directory(file);
    match load_in(dir.path(), environment, flags) {
        Ok(loaded) => panic!("accepted: {}", loaded.table()),
        Err(error) => error.to_string().replace(&dir.path().to_string_lossy().into_owned(), "DIR"),
    }
}

#[test]
fn each_layer_wins_over_the_one_below_and_is_named() {
    let dir = directory(Some("body_bytes_max = 2000\nupload_bytes_max = 3000\nstaff_session_s = 600\n"));
    let environment = [("SAKSAMA_UPLOAD_BYTES_MAX", "4000"), ("SAKSAMA_STAFF_SESSION_S", "700"), ("PATH", "/bin")];
    let loaded = load_in(dir.path(), &environment, &[("staff_session_s", "800")]).unwrap();
    let config = &loaded.config;
    assert_eq!((config.request_ms_max, config.body_bytes_max, config.upload_bytes_max, config.staff_session_s), (30_000, 2000, 4000, 800));
    assert_eq!(origin_of(&loaded, "request_ms_max"), Origin::Default);
    assert_eq!(origin_of(&loaded, "body_bytes_max"), Origin::File(dir.path().join("saksama.toml")));
    assert_eq!(origin_of(&loaded, "upload_bytes_max"), Origin::Environment);
    assert_eq!(origin_of(&loaded, "staff_session_s"), Origin::Flag);
    assert!(loaded.table().contains("staff_session_s"));
}

#[test]
fn unknown_settings_are_named_with_value_and_origin() {
    let dir_file = said(Some("body_byte_max = 7\n"), &[], &[]);
    assert_eq!(dir_file, "use `body_byte_max` = 7 from file DIR/saksama.toml: there is no such setting; did you mean `body_bytes_max`?");
    assert_eq!(said(None, &[("SAKSAMA_COLOUR", "red")], &[]), "use `colour` = \"red\" from environment: there is no such setting");
    assert_eq!(said(None, &[], &[("colour", "red")]), "use `colour` = \"red\" from flag: there is no such setting");
}

#[test]
fn wrong_values_are_named_with_value_and_origin() {
    let wrong = |environment: &[(&str, &str)], beginning: &str| {
        let text = said(None, environment, &[]);
        assert!(text.starts_with(beginning), "{text}");
    };
    wrong(&[("SAKSAMA_BODY_BYTES_MAX", "many")], "use `body_bytes_max` = many from environment: invalid type");
    wrong(&[("SAKSAMA_BODY_BYTES_MAX", "0")], "use `body_bytes_max` = 0 from environment: it must be a whole number from 1024 to 67108864");
    wrong(&[("SAKSAMA_LISTEN", "here")], "use `listen` = here from environment: ");
    wrong(&[("SAKSAMA_TLS", "perhaps")], "use `tls` = perhaps from environment: ");
    wrong(&[("SAKSAMA_LOG_FILTER", "a=b=c")], "use `log_filter` = a=b=c from environment: ");
    wrong(&[("SAKSAMA_TLS_CERT", "/x.pem")], "use `tls_cert` = /x.pem from environment: `tls_key` must be given with it");
    let from_file = said(Some("staff_session_s = -1\n"), &[], &[]);
    assert!(from_file.starts_with("use `staff_session_s` = -1 from file DIR/saksama.toml: "), "{from_file}");
    assert!(said(Some("listen = \n"), &[], &[]).starts_with("read the settings in DIR/saksama.toml: "));
}

#[test]
fn plain_http_stays_on_this_machine() {
    for address in ["0.0.0.0:8080", "10.0.0.7:80", "[::]:8080"] {
        let text = said(None, &[], &[("listen", address)]);
        assert!(text.contains("plain HTTP is only for loopback") && text.contains("--tls auto"), "{text}");
    }
    let dir = directory(None);
    for address in ["127.0.0.1:0", "127.8.8.8:0", "[::1]:0"] {
        assert_eq!(load_in(dir.path(), &[], &[("listen", address)]).unwrap().config.tls(), Tls::Off);
    }
    let loaded = load_in(dir.path(), &[], &[("listen", "0.0.0.0:0"), ("tls", "auto"), ("tls_names", "ujian.lan, 10.0.0.7")]).unwrap();
    assert_eq!(loaded.config.tls(), Tls::Auto);
    assert_eq!(loaded.config.tls_names, ["ujian.lan", "10.0.0.7"]);
    let given = [("listen", "0.0.0.0:0"), ("tls_cert", "a.pem"), ("tls_key", "b.pem")];
    let files = load_in(dir.path(), &[], &given).unwrap();
    assert_eq!(files.config.tls(), Tls::Files { cert: "a.pem".into(), key: "b.pem".into() });
    assert!(files.config.secure_cookies());
    let both = said(None, &[], &[("tls", "auto"), ("tls_cert", "a.pem"), ("tls_key", "b.pem")]);
    assert!(both.contains("choose one of them"), "{both}");
}

#[test]
fn secrets_stay_text_and_are_not_shown() {
    let dir = directory(None);
    let loaded = load_in(dir.path(), &[("SAKSAMA_METRICS_TOKEN", "1234567890123456")], &[]).unwrap();
    assert_eq!(loaded.config.metrics_token.as_ref().unwrap().expose(), "1234567890123456");
    assert!(!loaded.table().contains("1234567890123456") && loaded.table().contains("(set)"));
    assert!(!format!("{:?}", loaded.config).contains("1234567890123456"));
    let short = said(None, &[("SAKSAMA_METRICS_TOKEN", "hunter2")], &[]);
    assert!(short.contains("at least 16") && !short.contains("hunter2"), "{short}");
    let misspelt = said(None, &[("SAKSAMA_METRIC_TOKEN", "hunter2")], &[]);
    assert!(misspelt.contains("`metrics_token`") && !misspelt.contains("hunter2"), "{misspelt}");
    let number = said(Some("metrics_token = 1234567890123456\n"), &[], &[]);
    assert!(!number.contains("1234567890123456"), "{number}");
}

#[test]
fn the_file_does_not_say_where_it_is() {
    assert!(said(Some("data = \"/elsewhere\"\n"), &[], &[]).starts_with("use `data` = /elsewhere from file DIR/saksama.toml: "));
    let missing = Flags { config: Some("/nowhere/saksama.toml".into()), values: Vec::new() };
    assert!(load(&missing, Vec::new()).unwrap_err().to_string().starts_with("read the settings in /nowhere/saksama.toml: "));
}
