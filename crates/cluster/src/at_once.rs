use std::future::Future;
use std::panic::resume_unwind;

use tokio::task::JoinSet;

/// How many calls are under way at once.
const AT_ONCE: usize = 24;

/// Makes many calls, some at a time, and gives what came of them in the order of the calls.
///
/// # Panics
/// When a call does.
pub async fn at_once<T: Send + 'static>(
    calls: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut calls = calls.into_iter().enumerate();
    let mut under_way = JoinSet::new();
    let mut answers = Vec::new();
    loop {
        while under_way.len() < AT_ONCE
            && let Some((number, call)) = calls.next()
        {
            under_way.spawn(async move { (number, call.await) });
        }
        match under_way.join_next().await {
            Some(Ok(answer)) => answers.push(answer),
            Some(Err(error)) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(error) => unreachable!("nobody ends a call: {error}"),
            },
            None => break,
        }
    }
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Barrier;

    use super::*;

    #[tokio::test]
    async fn answers_come_in_the_order_of_calls_and_calls_do_not_wait_for_each_other() {
        // Nobody passes before all are there.
        let barrier = Arc::new(Barrier::new(AT_ONCE));
        let calls = (0..2 * AT_ONCE).rev().map(|number| {
            let barrier = Arc::clone(&barrier);
            async move {
                barrier.wait().await;
                number
            }
        });
        let expected: Vec<_> = (0..2 * AT_ONCE).rev().collect();
        assert_eq!(at_once(calls).await, expected);
    }
}
