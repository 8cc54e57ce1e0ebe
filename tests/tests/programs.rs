//! What is tested with programs: the binary, a browser, an SMTP server, the stand-in of Stripe. Run one file's with
//! `cargo test -p consentry-tests --test programs browser::`.

mod binary;
mod browser;
mod demo;
mod door_offline;
mod immediate;
mod log_before_disclose;
mod mail_delivery;
mod mail_render;
mod newcomer;
mod stripe_standin;
