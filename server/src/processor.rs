//! Whether this processor can run what was built, and how well.

use wick_kernels::Kernels;

/// The instructions that the engine computes with, as people know them; `None` where there is no choice.
pub fn instructions() -> Option<&'static str> {
    let common = cfg!(target_arch = "x86_64").then_some("AVX2");
    Kernels::here().first().map(|it| it.name).or(common)
}

/// What llama.cpp was built to use (`.cargo/config.toml`) and this processor lacks; a sentence
/// for people. Without this check the engine would end with SIGILL.
pub fn objection() -> Option<String> {
    let missing = missing();
    (!missing.is_empty()).then(|| {
        format!(
            "This processor lacks {}. Wick needs a processor with AVX2, FMA, F16C and BMI2, as \
             most since 2013 have",
            missing.join(", ")
        )
    })
}

#[cfg(target_arch = "x86_64")]
fn missing() -> Vec<&'static str> {
    [
        ("SSE4.2", std::arch::is_x86_feature_detected!("sse4.2")),
        ("AVX", std::arch::is_x86_feature_detected!("avx")),
        ("AVX2", std::arch::is_x86_feature_detected!("avx2")),
        ("FMA", std::arch::is_x86_feature_detected!("fma")),
        ("F16C", std::arch::is_x86_feature_detected!("f16c")),
        ("BMI2", std::arch::is_x86_feature_detected!("bmi2")),
    ]
    .into_iter()
    .filter_map(|(name, is_there)| (!is_there).then_some(name))
    .collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn missing() -> Vec<&'static str> {
    Vec::new()
}
