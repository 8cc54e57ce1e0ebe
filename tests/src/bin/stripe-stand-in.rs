//! Stripe's stand-in by itself, to sell a ticket by hand on one's own machine without an account at Stripe.
//!
//! `stripe-stand-in [ADDRESS]` listens (by default on 127.0.0.1:4242), prints its secret key and what to do with it,
//! and reads lines: `webhook URL SECRET` sends the events of checkouts there from now on.

use std::process::ExitCode;

use consentry_tests::stripe::StandIn;

#[tokio::main]
async fn main() -> ExitCode {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:4242".to_owned());
    let stripe = match StandIn::start_at(&address).await {
        Ok(stripe) => stripe,
        Err(error) => {
            eprintln!("cannot listen on {address}: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("payments.stripe_api_base = \"{}\"", stripe.base_url());
    println!("secretKey: {}", stripe.secret_key());
    println!("then, one line each: webhook URL SECRET");
    // The server runs on threads of its own: this one may wait for the terminal.
    for line in std::io::stdin().lines().map_while(Result::ok) {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["webhook", url, secret] => {
                stripe.set_webhook(url, secret);
                println!("events go to {url}");
            }
            [] => {}
            _ => eprintln!("webhook URL SECRET"),
        }
    }
    // Without a terminal there is nothing more to read; it goes on until it is stopped.
    std::future::pending().await
}
