//! Tickets are chosen on the event's own page, or by an address that says which.

use consentry_tests::on_both_databases;

const EVENT: &str = "/events/acme/rustdays";

on_both_databases! {
    async fn tickets_are_chosen_on_the_events_page_and_lead_to_who_is_coming(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let first = format!("n.{}", sharing.event.public(sharing.ticket));
        let mut browser = app.browser();
        let page = browser.open(EVENT).await;
        assert!(page.contains(&format!("<form action=\"{EVENT}/register\">")) && page.contains(&format!("name=\"{first}\"")), "{page}");
        assert!(page.contains("<option value=\"1\" selected>1</option>"), "what is the only one need not be chosen: {page}");
        let people = browser.get(&format!("{EVENT}/register?{first}=1")).await;
        assert!(people.status == 200 && people.text.contains("name=\"buyer.name\""), "{}", people.text);
        assert!(people.text.contains(&format!("<input type=\"hidden\" name=\"{first}\" value=\"1\">")), "it travels along: {}", people.text);
        let second = app.db_ticket_type(&sharing.event, "Other", |row| row.max_per_order = 2).await;
        let second = format!("n.{}", sharing.event.public(second));
        let page = browser.open(EVENT).await;
        assert!(page.contains(&format!("name=\"{second}\"")) && page.contains("<option value=\"2\">2</option></select>") || page.contains("<option value=\"2\">2</option>\n</select>"), "{page}");
        assert!(!page.contains("<option value=\"1\" selected>"), "of two nothing is chosen for anybody: {page}");
        let both = browser.get(&format!("{EVENT}/register?{first}=1&{second}=2")).await;
        assert!(both.status == 200 && both.text.contains("name=\"person.2.name\"") && !both.text.contains("name=\"person.3.name\""), "{}", both.text);
    }

    async fn an_address_that_says_nothing_or_too_much_leads_to_the_first_step(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let field = format!("n.{}", sharing.event.public(sharing.ticket));
        app.db_ticket_type(&sharing.event, "Other", |_| ()).await;
        let mut browser = app.browser();
        for query in ["", "n.nonsense=1", "x=1", "n.=1"] {
            let page = browser.get(&format!("{EVENT}/register?{query}")).await;
            assert!(page.status == 200 && page.text.contains(&format!("<select class=\"short\" id=\"{field}\"")), "{query}: {}", page.text);
            assert!(!page.text.contains("class=\"problems\""), "{query}: {}", page.text);
        }
        for many in ["0", "-1", "x", "99999999999999999999"] {
            let page = browser.get(&format!("{EVENT}/register?{field}={many}")).await;
            assert!(page.status == 422 && page.text.contains("Choose at least one ticket."), "{many}: {}", page.text);
        }
        let page = browser.get(&format!("{EVENT}/register?{field}=49")).await;
        assert!(page.status == 422 && page.text.contains(&format!("id=\"{field}-error\"")), "{}", page.text);
    }

    async fn the_first_step_says_what_the_chosen_tickets_cost_together_also_without_a_script(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let register = format!("{EVENT}/register");
        let mut browser = app.browser();
        let free = format!("n.{}", sharing.event.public(sharing.ticket));
        let page = browser.open(&register).await;
        assert!(!page.contains("id=\"sum\"") && !page.contains("value=\"tickets\" formnovalidate"), "where all is free there is no sum: {page}");
        let dear = app.db_ticket_type(&sharing.event, "Dear", |row| row.price_minor = 4_950).await;
        let dear = format!("n.{}", sharing.event.public(dear));
        let sum = |text: &str| {
            let sum = text.split("id=\"sum\"").nth(1).and_then(|rest| rest.split("class=\"price\">").nth(1));
            sum.and_then(|rest| rest.split('<').next()).unwrap_or_else(|| panic!("no sum: {text}")).to_owned()
        };
        let page = browser.open(&register).await;
        assert!(page.contains("name=\"go\" value=\"tickets\" formnovalidate"), "{page}");
        assert_eq!(sum(&page), "–", "nothing is chosen");
        for (of_free, of_dear, costs) in [("2", "0", "€0.00"), ("1", "3", "€148.50"), ("0", "0", "–")] {
            let form = [(free.as_str(), of_free), (dear.as_str(), of_dear), ("step", "tickets"), ("go", "tickets")];
            let shown = browser.press(&register, &register, &form).await;
            assert_eq!((shown.status, sum(&shown.text).as_str()), (200, costs));
            assert!(!shown.text.contains("class=\"problems\""), "whoever asks for the sum has not finished choosing: {}", shown.text);
        }
        for many in ["21", "-1", "99999999999999999999"] {
            let shown = browser.press(&register, &register, &[(dear.as_str(), many), ("step", "tickets"), ("go", "tickets")]).await;
            assert_eq!((shown.status, sum(&shown.text).as_str()), (200, "–"), "{many}");
        }
    }

    async fn where_nobody_can_register_nothing_can_be_chosen(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let field = format!("n.{}", sharing.event.public(sharing.ticket));
        app.db_execute("update ticket_type set available_until = 1").await;
        let page = app.browser().open(EVENT).await;
        assert!(!page.contains("<form action=") && !page.contains("<select"), "{page}");
        app.browser().get(&format!("{EVENT}/register?{field}=1")).await.leads_to(EVENT);
    }
}
