//! What llama.cpp logs: to the error stream, and the last error kept to be told. The two thousand lines of
//! each load that are of use to its developers only are left out.

use std::ffi::{CStr, c_char, c_void};
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use llama_cpp_sys_2 as sys;

static LAST_ERROR: Mutex<String> = Mutex::new(String::new());

/// Sends the log of llama.cpp and ggml here from now on.
pub fn listen() {
    // SAFETY: the callback is a plain function that lives as long as the program.
    unsafe {
        sys::llama_log_set(Some(hear), std::ptr::null_mut());
        sys::ggml_log_set(Some(hear), std::ptr::null_mut());
        sys::mtmd_log_set(Some(hear), std::ptr::null_mut());
    }
}

/// The last thing that went wrong, in llama.cpp's words; empty when nothing has.
pub fn last_error() -> String {
    LAST_ERROR.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

unsafe extern "C" fn hear(level: sys::ggml_log_level, text: *const c_char, _: *mut c_void) {
    if text.is_null() || level == sys::GGML_LOG_LEVEL_DEBUG {
        return;
    }
    // SAFETY: llama.cpp hands over a string that ends with a zero and lives during the call.
    let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
    // A log that can't be written is no reason to stop.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
    if level == sys::GGML_LOG_LEVEL_ERROR && !text.trim().is_empty() {
        let mut last = LAST_ERROR.lock().unwrap_or_else(PoisonError::into_inner);
        // llama.cpp names the cause first and then where it gave up.
        if last.is_empty() {
            *last = text.trim().chars().take(300).collect();
        }
    }
}
