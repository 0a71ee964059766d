//! llama.cpp's kernels once more, compiled for newer processors: those in `llama-cpp-sys-2` use what
//! every processor has that Wick runs on. llama.cpp's own programs load such kernels from libraries
//! beside them; here all are in the one executable, and the engine takes the best ones that its
//! processor can run.
//!
//! `build.rs` compiles them, and says which there are.

use llama_cpp_sys_2::ggml_backend_reg_t;

/// Kernels for some processors.
pub struct Kernels {
    /// The instructions that they use, as people know them.
    pub name: &'static str,
    /// Gives ggml's entry for the processor with these kernels. To be called only where they can run.
    pub entry: unsafe extern "C" fn() -> ggml_backend_reg_t,
}

unsafe extern "C" {
    #[cfg(has_avx512)]
    fn wick_kernels_avx512() -> ggml_backend_reg_t;
    #[cfg(has_avx_vnni)]
    fn wick_kernels_avx_vnni() -> ggml_backend_reg_t;
}

impl Kernels {
    /// Those that this processor can run, the best first; none where those for every processor are all
    /// that there is for it.
    pub fn here() -> Vec<Kernels> {
        #[cfg_attr(
            not(any(has_avx512, has_avx_vnni)),
            expect(unused_mut, reason = "there are none")
        )]
        let mut here = vec![];
        #[cfg(has_avx512)]
        if has_avx512() {
            here.push(Kernels { name: "AVX-512", entry: wick_kernels_avx512 });
        }
        #[cfg(has_avx_vnni)]
        if std::arch::is_x86_feature_detected!("avxvnni") {
            here.push(Kernels { name: "AVX-VNNI", entry: wick_kernels_avx_vnni });
        }
        here
    }
}

/// Whether it has all that `build.rs` lets the compiler use for them, beyond what every processor has that
/// Wick runs on.
#[cfg(has_avx512)]
fn has_avx512() -> bool {
    use std::arch::is_x86_feature_detected as has;
    has!("avx512f")
        && has!("avx512cd")
        && has!("avx512vl")
        && has!("avx512dq")
        && has!("avx512bw")
        && has!("avx512vbmi")
        && has!("avx512vnni")
}
