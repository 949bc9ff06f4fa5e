//! Randomness of the operating system, for ids, nonces, tokens and PINs. The only place that asks for it.

use question_bank::id::Id;
use std::cell::RefCell;

/// Bytes fetched at once for nonces and ids: one system call serves 256 of them.
const POOL_BYTES: usize = 4_096;

thread_local! {
    static POOL: RefCell<(Vec<u8>, usize)> = const { RefCell::new((Vec::new(), 0)) };
}

/// `N` random bytes, `N` at most 64.
///
/// # Panics
/// When the operating system has no randomness: nothing that follows could be trusted.
pub fn bytes<const N: usize>() -> [u8; N] {
    POOL.with_borrow_mut(|(pool, used)| {
        if pool.len() < *used + N {
            pool.resize(POOL_BYTES, 0);
            getrandom::fill(pool).expect("the operating system gives randomness");
            *used = 0;
        }
        let mut out = [0; N];
        let taken = &mut pool[*used..*used + N];
        out.copy_from_slice(taken);
        // What was handed out does not stay in memory a second time.
        taken.fill(0);
        *used += N;
        out
    })
}

/// A fresh id.
pub fn id<Kind>() -> Id<Kind> {
    Id::from_bytes(bytes())
}

/// A fresh 256-bit token as 64 hexadecimal digits; only its SHA-256 is stored.
pub fn token() -> String {
    bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A PIN of eight digits, every one equally likely.
pub fn pin() -> String {
    loop {
        let number = u32::from_be_bytes(bytes());
        // 2^32 is no multiple of 10^8; the rest at the top is drawn again.
        if number < 4_200_000_000 {
            return format!("{:08}", number % 100_000_000);
        }
    }
}

/// A number below `n` (at least 1), for random seats.
pub fn below(n: usize) -> usize {
    let zone = u64::MAX - u64::MAX % n as u64;
    loop {
        let number = u64::from_be_bytes(bytes());
        if number < zone {
            return (number % n as u64) as usize;
        }
    }
}
