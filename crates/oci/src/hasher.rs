use aws_lc_rs::digest::{Context, SHA256, SHA512};

use crate::{Algorithm, Digest};

/// Hashes bytes as they pass.
#[derive(Clone)]
pub struct Hasher {
    algorithm: Algorithm,
    context: Context,
}

impl Hasher {
    pub fn new(algorithm: Algorithm) -> Self {
        let context = Context::new(match algorithm {
            Algorithm::Sha256 => &SHA256,
            Algorithm::Sha512 => &SHA512,
        });
        Self { algorithm, context }
    }

    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
    }

    pub fn finish(self) -> Digest {
        let output = self.context.finish();
        match self.algorithm {
            Algorithm::Sha256 => Digest::Sha256(sized(output.as_ref())),
            Algorithm::Sha512 => Digest::Sha512(sized(output.as_ref())),
        }
    }
}

fn sized<const N: usize>(output: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(output);
    bytes
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hasher")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
