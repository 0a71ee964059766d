//! Which of llama.cpp's kernels compute.

use std::sync::Once;

use llama_cpp_sys_2 as sys;
use wick_kernels::Kernels;

/// Lets the best ones that this processor can run compute from now on, in place of those for every
/// processor. Before a model is loaded.
pub fn take_best() {
    static TAKEN: Once = Once::new();
    TAKEN.call_once(|| {
        let Some(best) = Kernels::here().into_iter().next() else { return };
        // SAFETY: the processor can run them, and nothing computes yet. Both entries live as long as
        // the program.
        unsafe {
            sys::ggml_backend_unload(sys::ggml_backend_cpu_reg());
            sys::ggml_backend_register((best.entry)());
        }
    });
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;
    use std::ptr::null;

    use super::*;

    /// Numbers in a row of the weights.
    const WIDTH: usize = 512;

    /// Rows of the weights.
    const ROWS: usize = 32;

    /// Tokens that are read at once.
    const BATCH: usize = 9;

    #[test]
    fn all_kernels_compute_the_same() {
        let kinds = [
            sys::GGML_TYPE_Q4_1,
            sys::GGML_TYPE_Q4_K,
            sys::GGML_TYPE_Q6_K,
            sys::GGML_TYPE_Q8_0,
            sys::GGML_TYPE_F16,
        ];
        // As uneven as numbers of a model; the same in every run.
        let numbers = |n: usize| (0..n).map(|at| ((at * 7919 % 1000) as f32 / 500.0 - 1.0).powi(3));
        let weights: Vec<f32> = numbers(WIDTH * ROWS).collect();
        let input: Vec<f32> = numbers(WIDTH * BATCH).map(|it| it * 3.0).collect();
        for kind in kinds {
            for n_columns in [1, BATCH] {
                let input = &input[..WIDTH * n_columns];
                // SAFETY: every processor that runs the tests can run these.
                let expected =
                    product(unsafe { sys::ggml_backend_cpu_reg() }, kind, &weights, input);
                let largest = expected.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
                assert!(0.1 < largest, "{expected:?}");
                for kernels in Kernels::here() {
                    // SAFETY: this processor can run them.
                    let found = product(unsafe { (kernels.entry)() }, kind, &weights, input);
                    for (one, other) in expected.iter().zip(&found) {
                        let apart = (one - other).abs() / largest;
                        assert!(apart < 1e-3, "{}, {kind}: {one} and {other}", kernels.name);
                    }
                }
            }
        }
    }

    #[test]
    fn the_best_ones_compute() {
        take_best();
        // SAFETY: ggml knows all of these, and its names end with a zero.
        unsafe {
            let device = sys::ggml_backend_dev_by_type(sys::GGML_BACKEND_DEVICE_TYPE_CPU);
            let entry = sys::ggml_backend_dev_backend_reg(device);
            let best =
                Kernels::here().first().map_or(sys::ggml_backend_cpu_reg(), |it| (it.entry)());
            assert_eq!(entry, best);
            assert_eq!(CStr::from_ptr(sys::ggml_backend_reg_name(entry)), c"CPU");
        }
    }

    /// Weights of this kind, `ROWS` by `WIDTH`, multiplied with columns of `WIDTH` numbers by these kernels.
    fn product(
        entry: sys::ggml_backend_reg_t,
        kind: sys::ggml_type,
        weights: &[f32],
        input: &[f32],
    ) -> Vec<f32> {
        let [width, rows, n_columns] = [WIDTH, ROWS, input.len() / WIDTH].map(|it| it as i64);
        let mut output = vec![0.0_f32; input.len() / WIDTH * ROWS];
        // SAFETY: all that is made lives until it is freed at the end, and the copies are as long as the
        // tensors.
        unsafe {
            let bytes = 8 * sys::ggml_tensor_overhead() + sys::ggml_graph_overhead();
            let context = sys::ggml_init(sys::ggml_init_params {
                mem_size: bytes,
                mem_buffer: std::ptr::null_mut(),
                no_alloc: true,
            });
            let matrix = sys::ggml_new_tensor_2d(context, kind, width, rows);
            let columns = sys::ggml_new_tensor_2d(context, sys::GGML_TYPE_F32, width, n_columns);
            let result = sys::ggml_mul_mat(context, matrix, columns);
            let graph = sys::ggml_new_graph(context);
            sys::ggml_build_forward_expand(graph, result);
            let backend =
                sys::ggml_backend_dev_init(sys::ggml_backend_reg_dev_get(entry, 0), null());
            let buffer = sys::ggml_backend_alloc_ctx_tensors(context, backend);
            let mut packed = vec![0_u8; sys::ggml_nbytes(matrix)];
            let to = packed.as_mut_ptr().cast();
            sys::ggml_quantize_chunk(kind, weights.as_ptr(), to, 0, rows, width, null());
            sys::ggml_backend_tensor_set(matrix, packed.as_ptr().cast(), 0, packed.len());
            sys::ggml_backend_tensor_set(columns, input.as_ptr().cast(), 0, size_of_val(input));
            assert_eq!(sys::ggml_backend_graph_compute(backend, graph), sys::GGML_STATUS_SUCCESS);
            let length = size_of_val(output.as_slice());
            sys::ggml_backend_tensor_get(result, output.as_mut_ptr().cast(), 0, length);
            sys::ggml_backend_buffer_free(buffer);
            sys::ggml_backend_free(backend);
            sys::ggml_free(context);
        }
        output
    }
}
