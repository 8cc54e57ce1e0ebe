//! Each section's defaults, the order of the sources, and what an operator reads when something is wrong.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{Backend, Config, ConfigError, DatabaseUrl, HttpMode, SecretFileError, Secrets, Sources, Switch};

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn environment(list: &[(&str, &str)]) -> Sources {
    Sources {
        environment: pairs(list),
        ..Sources::default()
    }
}

fn file(text: &str, mode: u32) -> (tempfile::TempDir, Sources) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("consentry.toml");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    let sources = Sources {
        file: Some(path),
        ..Sources::default()
    };
    (directory, sources)
}

fn refusal(sources: &Sources) -> String {
    Config::load(sources)
        .expect_err("the configuration should be refused")
        .to_string()
}

#[test]
fn without_any_source_the_defaults_hold() {
    let config = Config::load(&Sources::default()).unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database.url.expose(), "sqlite:data/consentry.db");
    assert_eq!(config.server.graphql_get, Switch::Off);
    assert_eq!(config.server.http_mode, HttpMode::Draft2026);
    assert_eq!(config.server.metrics_listen, None);
    assert_eq!(
        (config.limits.document_bytes, config.limits.body_bytes),
        (16_384, 262_144)
    );
}

#[test]
fn people_reach_the_program_where_it_listens_unless_an_address_is_told() {
    let reached = |flags: &[(&str, &str)]| {
        let sources = Sources {
            flags: pairs(flags),
            ..Sources::default()
        };
        Config::load(&sources).unwrap().server.public_url
    };
    assert_eq!(reached(&[("server.listen", "127.0.0.1:9")]), "http://127.0.0.1:9");
    assert_eq!(reached(&[("server.listen", "0.0.0.0:9")]), "http://127.0.0.1:9");
    assert_eq!(reached(&[("server.listen", "[::]:9")]), "http://[::1]:9");
    let told = ("server.public_url", "https://events.example.org");
    assert_eq!(reached(&[("server.listen", "127.0.0.1:9"), told]), told.1);
    let (_keep, sources) = file("[server]\npublic_url = 'https://events.example.org'\n", 0o644);
    assert_eq!(Config::load(&sources).unwrap().server.public_url, told.1);
}

#[test]
fn a_later_source_wins_over_an_earlier_one() {
    let (_keep, mut sources) = file(
        "[server]\nlisten = '127.0.0.1:1'\nheader_timeout_seconds = 3\n[limits]\ndepth = 7\n",
        0o644,
    );
    sources.environment = pairs(&[
        ("CONSENTRY_SERVER__LISTEN", "127.0.0.1:2"),
        ("CONSENTRY_LIMITS__DEPTH", "8"),
    ]);
    sources.flags = pairs(&[("server.listen", "127.0.0.1:3")]);
    let config = Config::load(&sources).unwrap();
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(config.limits.depth, 8);
    assert_eq!(config.server.header_timeout_seconds, 3);
    assert_eq!(config.server.request_timeout_seconds, 30);
}

#[test]
fn the_environment_can_say_lists_switches_and_passwords_of_digits() {
    let config = Config::load(&environment(&[
        ("CONSENTRY_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8"),
        ("CONSENTRY_SERVER__GRAPHQL_GET", "true"),
        ("CONSENTRY_SERVER__HTTP_MODE", "audit-1.23"),
        ("CONSENTRY_MAIL__USER", "007"),
        ("CONSENTRY_MAIL__PASSWORD", "00123"),
        ("CONSENTRY_MAIL__TLS", "tls"),
        ("CONSENTRY_DATABASE__URL", "postgres://consentry:1e9@db/consentry"),
    ]))
    .unwrap();
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert_eq!(config.server.graphql_get, Switch::On);
    assert_eq!(config.server.http_mode, HttpMode::Audit123);
    assert_eq!(config.mail.user.as_deref(), Some("007"));
    assert_eq!(config.mail.password.as_ref().map(super::Secret::expose), Some("00123"));
    assert_eq!(config.database.url.backend(), Some(Backend::Postgres));
}

#[test]
fn variables_that_only_tests_use_are_not_configuration() {
    let sources = environment(&[
        ("CONSENTRY_TEST_POSTGRES", "postgres://x"),
        ("CONSENTRY_CONFIG", "/etc/consentry.toml"),
        ("PATH", "/bin"),
    ]);
    assert!(Config::load(&sources).is_ok());
}

#[test]
fn an_unknown_key_is_refused_by_its_name() {
    let (_keep, sources) = file("[server]\nlisten_on = '127.0.0.1:1'\n", 0o644);
    let text = refusal(&sources);
    assert!(
        text.contains("`server.listen_on`") && text.contains("unknown key"),
        "{text}"
    );
    let text = refusal(&environment(&[("CONSENTRY_SERVR__LISTEN", "127.0.0.1:1")]));
    assert!(text.contains("`servr`") && text.contains("environment"), "{text}");
    let text = refusal(&Sources {
        flags: pairs(&[("limits.deph", "3")]),
        ..Sources::default()
    });
    assert!(
        text.contains("`limits.deph`") && text.contains("command line"),
        "{text}"
    );
}

#[test]
fn a_value_of_the_wrong_kind_names_its_key_its_source_and_what_is_expected() {
    let text = refusal(&environment(&[("CONSENTRY_LIMITS__DEPTH", "deep")]));
    assert!(
        text.contains("`limits.depth`") && text.contains("environment") && text.contains("expected a whole number"),
        "{text}"
    );
    let text = refusal(&environment(&[("CONSENTRY_SERVER__LISTEN", "everywhere")]));
    assert!(
        text.contains("`server.listen`") && text.contains("socket address"),
        "{text}"
    );
    let text = refusal(&environment(&[("CONSENTRY_SERVER__HTTP_MODE", "draft")]));
    assert!(
        text.contains("`server.http_mode`") && text.contains("draft-2026, audit-1.23"),
        "{text}"
    );
    let (_keep, sources) = file("[database]\npool = -1\n", 0o644);
    let text = refusal(&sources);
    assert!(
        text.contains("`database.pool`") && text.contains("consentry.toml"),
        "{text}"
    );
}

#[test]
fn a_file_that_is_named_must_exist_and_be_toml() {
    let sources = Sources {
        file: Some("/nowhere/consentry.toml".into()),
        ..Sources::default()
    };
    assert!(matches!(Config::load(&sources), Err(ConfigError::Unreadable { .. })));
    let (_keep, sources) = file("[server\n", 0o644);
    assert!(refusal(&sources).contains("consentry.toml"), "{}", refusal(&sources));
}

#[test]
fn all_problems_are_told_at_once() {
    let text = refusal(&environment(&[
        ("CONSENTRY_LIMITS__DEPTH", "0"),
        ("CONSENTRY_DATABASE__POOL", "0"),
        ("CONSENTRY_LOG__LEVEL", "=loud="),
    ]));
    for key in ["`limits.depth`", "`database.pool`", "`log.level`"] {
        assert!(text.contains(key), "{key} is missing in: {text}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[("CONSENTRY_SERVER__PUBLIC_URL", "events.example.org")],
            "`server.public_url`",
        ),
        (
            &[("CONSENTRY_SERVER__PUBLIC_URL", "http://events.example.org")],
            "expected https",
        ),
        (
            &[("CONSENTRY_SERVER__PUBLIC_URL", "https://events.example.org/sub")],
            "`server.public_url`",
        ),
        (
            &[("CONSENTRY_SERVER__PUBLIC_URL", "https://u:p@events.example.org")],
            "`server.public_url`",
        ),
        (
            &[("CONSENTRY_SERVER__PUBLIC_URL", "ftp://localhost")],
            "`server.public_url`",
        ),
        (
            &[("CONSENTRY_SERVER__METRICS_LISTEN", "127.0.0.1:8080")],
            "`server.metrics_listen`",
        ),
        (
            &[("CONSENTRY_SERVER__METRICS_TOKEN", "short")],
            "`server.metrics_token`",
        ),
        (
            &[
                ("CONSENTRY_SERVER__DEV", "true"),
                ("CONSENTRY_SERVER__LISTEN", "0.0.0.0:8080"),
            ],
            "`server.dev`",
        ),
        (&[("CONSENTRY_DATABASE__URL", "mysql://x/y")], "`database.url`"),
        (&[("CONSENTRY_DATABASE__URL", "sqlite:")], "`database.url`"),
        (
            &[("CONSENTRY_DATABASE__PARTNER_URL", "postgres://x/y")],
            "`database.partner_url`",
        ),
        (&[("CONSENTRY_MAIL__HOST", "smtp.example.org")], "`mail.from`"),
        (&[("CONSENTRY_MAIL__FROM", "not an address")], "`mail.from`"),
        (&[("CONSENTRY_MAIL__PASSWORD", "secret")], "`mail.password`"),
        (&[("CONSENTRY_MAIL__TLS", "ssl")], "`mail.tls`"),
        (
            &[("CONSENTRY_LIMITS__DOCUMENT_BYTES", "300000")],
            "`limits.document_bytes`",
        ),
        (&[("CONSENTRY_LIMITS__BODY_BYTES", "0")], "`limits.body_bytes`"),
        (
            &[("CONSENTRY_LIMITS__REQUESTS_PER_MINUTE_PER_ADDRESS", "0")],
            "per_address",
        ),
        (&[("CONSENTRY_SERVER__TRUSTED_PROXIES", "everybody")], "trusted_proxies"),
        (&[("CONSENTRY_JOBS__LEASE_SECONDS", "1")], "`jobs.lease_seconds`"),
    ];
    for (variables, expected) in cases {
        let text = refusal(&environment(variables));
        assert!(text.contains(expected), "{variables:?}: {text}");
    }
}

#[test]
fn a_password_does_not_cross_the_network_in_the_clear() {
    let remote = [
        ("CONSENTRY_MAIL__HOST", "smtp.example.org"),
        ("CONSENTRY_MAIL__FROM", "events@example.org"),
        ("CONSENTRY_MAIL__USER", "u"),
        ("CONSENTRY_MAIL__PASSWORD", "p"),
        ("CONSENTRY_MAIL__TLS", "none"),
    ];
    assert!(refusal(&environment(&remote)).contains("`mail.tls`"));
    let mut local = remote;
    local[0].1 = "127.0.0.1";
    assert!(Config::load(&environment(&local)).is_ok());
}

#[test]
fn neither_printing_nor_an_error_shows_a_secret() {
    let secrets = [
        (
            "CONSENTRY_DATABASE__URL",
            "postgres://consentry:canary-1@db/consentry?sslmode=require&password=canary-2",
        ),
        (
            "CONSENTRY_DATABASE__PARTNER_URL",
            "postgres://reader:canary-3@db/consentry",
        ),
        ("CONSENTRY_MAIL__USER", "relay"),
        ("CONSENTRY_MAIL__PASSWORD", "canary-4"),
        ("CONSENTRY_SERVER__METRICS_TOKEN", "canary-5-canary-5"),
    ];
    let config = Config::load(&environment(&secrets)).unwrap();
    let printed = format!("{}\n{config:?}", config.printable());
    assert!(!printed.contains("canary"), "{printed}");
    assert!(printed.contains("postgres://consentry@db/consentry"), "{printed}");
    assert!(printed.contains("mail.password"), "{printed}");

    let (_keep, mut sources) = file("[mail]\npassword = ['canary-6']\nuser = 'u'\n", 0o600);
    assert!(!refusal(&sources).contains("canary"));
    sources.file = None;
    sources.environment = pairs(&[("CONSENTRY_SERVER__METRICS_TOKEN", "canary-7")]);
    assert!(!refusal(&sources).contains("canary"));
}

#[test]
fn what_is_printed_can_be_read_back() {
    let config = Config::load(&environment(&[
        ("CONSENTRY_SERVER__PUBLIC_URL", "https://events.example.org"),
        ("CONSENTRY_SERVER__TRUSTED_PROXIES", "10.0.0.0/8"),
        ("CONSENTRY_SERVER__METRICS_LISTEN", "127.0.0.1:9100"),
        ("CONSENTRY_LIMITS__TOKENS", "1500"),
    ]))
    .unwrap();
    let (_keep, sources) = file(&config.printable(), 0o644);
    assert_eq!(Config::load(&sources).unwrap(), config);
}

#[test]
fn a_file_with_secrets_belongs_to_its_owner_alone() {
    let text = "[mail]\nuser = 'u'\npassword = 'p'\n";
    let (_keep, sources) = file(text, 0o640);
    assert!(refusal(&sources).contains("mode 0600"));
    let (_keep, sources) = file(text, 0o600);
    assert!(Config::load(&sources).is_ok());
    let (_keep, sources) = file("[database]\nurl = 'postgres://a:b@c/d'\n", 0o644);
    assert!(refusal(&sources).contains("database.url"));
    let (_keep, sources) = file("[database]\nurl = 'postgres://a@c/d'\n", 0o644);
    assert!(Config::load(&sources).is_ok());
}

fn secrets_with(mode: u32) -> (tempfile::TempDir, Secrets) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("instance.key");
    std::fs::write(&path, b"bytes").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    let secrets = Secrets {
        directory: directory.path().to_owned(),
    };
    (directory, secrets)
}

#[test]
fn a_key_file_that_others_may_read_is_refused() {
    let (_keep, secrets) = secrets_with(0o600);
    assert_eq!(secrets.read("instance.key").unwrap().as_deref(), Some(&b"bytes"[..]));
    assert!(secrets.read("absent.key").unwrap().is_none());
    let (_keep, secrets) = secrets_with(0o604);
    assert!(matches!(
        secrets.read("instance.key"),
        Err(SecretFileError::Exposed { mode: 0o604, .. })
    ));
    let mut problems = Vec::new();
    secrets.check(&mut problems);
    assert!(problems[0].to_string().contains("0604"), "{problems:?}");
}

#[test]
fn a_directory_is_no_key_file() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("key")).unwrap();
    let secrets = Secrets {
        directory: directory.path().to_owned(),
    };
    assert!(matches!(secrets.read("key"), Err(SecretFileError::NotAFile { .. })));
    assert!(Path::new(&secrets.directory).exists());
}

#[test]
fn a_database_address_prints_without_its_password() {
    for (url, printed) in [
        ("sqlite:data/consentry.db", "sqlite:data/consentry.db"),
        ("sqlite::memory:", "sqlite::memory:"),
        (
            "postgres://db/name?sslmode=require",
            "postgres://db/name?sslmode=require",
        ),
        ("postgres://u:p@db:5432/name", "postgres://u@db:5432/name"),
        (
            "postgres://u:p%40x@db/name?application_name=a",
            "postgres://u@db/name?application_name=a",
        ),
        ("postgres://u:p@@db/name", "postgres://u@db/name"),
        ("postgres://db/name?user=u&password=p", "postgres://db/name"),
    ] {
        assert_eq!(DatabaseUrl::new(url).printable(), printed);
    }
}
