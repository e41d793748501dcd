//! Check 10: two hundred buyers order one of a hundred pieces, all at once. A hundred orders succeed, the others are refused, and the stock never
//! falls below zero.

use std::time::Instant;

use spindle_tests::Instance;
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::problem::expect_problem;

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, concurrently};

const BUYERS: usize = 200;
const PIECES: i64 = 100;

#[test]
fn two_hundred_buyers_get_exactly_the_hundred_pieces_in_stock() {
    // Registering is slow: in the short form, each customer orders twenty times.
    let mut fixture = OrderFixture::new(scale(BUYERS / 20, BUYERS));
    let instance = Instance::with(fixture.state.path(), &SHORT_TIMEOUTS);
    let product = fixture.stock(&instance, PIECES);
    let requests: Vec<OrderRequest> = (0..BUYERS).map(|_| OrderRequest::new(&product, 1, "pm_ok")).collect();

    let begin = Instant::now();
    let responses = concurrently(BUYERS, |buyer| {
        requests[buyer].send(&fixture.customer(&instance.client(), buyer)).expect("the host is not killed")
    });
    let took = begin.elapsed();
    let (mut sold, mut refused) = (0, 0);
    for response in &responses {
        if response.status == 201 {
            sold += 1;
        } else {
            let problem = expect_problem(response, 409, "conflict");
            assert_eq!(problem["errors"][0]["pointer"], "/items/0/quantity", "{problem}");
            refused += 1;
        }
    }
    assert_eq!((sold, refused), (PIECES, BUYERS as i64 - PIECES));
    fixture.settle(&instance).expect("the host is not killed");
    let settled = begin.elapsed();
    instance.kill();
    fixture.check();
    assert_eq!(fixture.databases().count("SELECT count(*) FROM orders WHERE status = 'paid'"), PIECES as usize);
    // None was shipped: all pieces are on the shelf, and sold.
    assert_eq!(fixture.databases().all::<i64>("SELECT on_hand FROM catalog.products"), [PIECES]);
    assert_eq!(fixture.databases().all::<i64>("SELECT allocated FROM catalog.products"), [PIECES]);
    figures(
        "stock: 200 buyers for 100 pieces",
        &[
            ("sold and paid for", &sold),
            ("refused as out of stock", &refused),
            ("all responses after (ms)", &took.as_millis()),
            ("all paid after (ms)", &settled.as_millis()),
        ],
    );
}
