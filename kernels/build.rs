//! Compiles ggml's part for the processor once more for each kind of newer processors, into one object
//! with one name that others see, so that several of them fit into one executable.
//!
//! Where that can't be done, Wick is built without them, and says so: it is slower then and nothing else.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Names, and what ggml's build calls the instructions that they use (`ggml/src/CMakeLists.txt` has
/// llama.cpp's own choice).
const KINDS: [(&str, &[&str]); 2] = [
    // Intel since Ice Lake (2019, servers 2021), AMD since Zen 4 (2022).
    ("avx512", &["AVX512", "AVX512_VBMI", "AVX512_VNNI"]),
    // Intel's desktops and laptops since Alder Lake (2021).
    ("avx_vnni", &["AVX_VNNI"]),
];

/// The one function that others need of ggml's part for the processor.
const ENTRY: &str = "ggml_backend_cpu_reg";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for (name, _) in KINDS {
        println!("cargo:rustc-check-cfg=cfg(has_{name})");
    }
    let target =
        ["OS", "ARCH"].map(|it| env::var(format!("CARGO_CFG_TARGET_{it}")).unwrap_or_default());
    if target != ["linux", "x86_64"] || env::var("HOST") != env::var("TARGET") {
        return;
    }
    for (name, instructions) in KINDS {
        match build(name, instructions) {
            Ok(folder) => {
                println!("cargo:rustc-cfg=has_{name}");
                println!("cargo:rustc-link-search=native={}", folder.display());
                println!("cargo:rustc-link-lib=static=wick_kernels_{name}");
            }
            Err(err) => println!("cargo:warning=Wick is built without kernels for {name}: {err}"),
        }
    }
}

/// Builds them; the folder with their library.
fn build(name: &str, instructions: &[&str]) -> Result<PathBuf> {
    let folder = Path::new(&env::var("OUT_DIR")?).join(name);
    fs::create_dir_all(&folder)?;
    let objects = folder.join("build");
    // What llama-cpp-sys-2 tells ggml's build, but for the instructions.
    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(source()?).arg("-B").arg(&objects);
    configure.args(["-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_POSITION_INDEPENDENT_CODE=ON"]);
    // GCC makes some names of templates the only ones in a program, which can't be hidden.
    configure.args(["-DCMAKE_C_FLAGS=-w", "-DCMAKE_CXX_FLAGS=-w -fno-gnu-unique"]);
    configure.arg("-DBUILD_SHARED_LIBS=OFF");
    for part in ["TESTS", "EXAMPLES", "SERVER", "TOOLS", "APP", "COMMON"] {
        configure.arg(format!("-DLLAMA_BUILD_{part}=OFF"));
    }
    configure.args(["-DLLAMA_CURL=OFF", "-DGGML_NATIVE=OFF"]);
    // What all kinds use (`.cargo/config.toml`), and what somebody else wants of ggml.
    for (name, value) in env::vars().filter(|(name, _)| name.starts_with("GGML_")) {
        println!("cargo:rerun-if-env-changed={name}");
        configure.arg(format!("-D{name}={value}"));
    }
    configure.args(instructions.iter().map(|it| format!("-DGGML_{it}=ON")));
    run(&mut configure)?;
    let n_jobs = env::var("NUM_JOBS")?;
    let mut build = Command::new("cmake");
    run(build.arg("--build").arg(&objects).args(["--target", "ggml-cpu", "--parallel", &n_jobs]))?;

    let compiled = objects.join("ggml/src/libggml-cpu.a");
    let [whole, one] = ["whole.o", "one.o"].map(|it| folder.join(it));
    // Templates of C++ are there in each kind; the linker may not take one kind's for another's.
    let mut join = Command::new("ld");
    join.args(["-r", "--force-group-allocation", "--whole-archive"]);
    run(join.arg(&compiled).arg("-o").arg(&whole))?;
    let public = format!("wick_kernels_{name}");
    let mut hide = Command::new("objcopy");
    hide.arg(format!("--redefine-sym={ENTRY}={public}"));
    run(hide.arg(format!("--keep-global-symbol={public}")).arg(&whole).arg(&one))?;
    let library = folder.join(format!("lib{public}.a"));
    // It would keep what an earlier build put into it.
    if library.exists() {
        fs::remove_file(&library)?;
    }
    run(Command::new("ar").arg("crs").arg(&library).arg(&one))?;
    fs::remove_dir_all(&objects)?;
    for file in [whole, one] {
        fs::remove_file(file)?;
    }
    Ok(folder)
}

/// Where llama.cpp is, as the build of `llama-cpp-sys-2` noted it.
fn source() -> Result<PathBuf> {
    let package = PathBuf::from(env::var("DEP_LLAMA_GGML_CMAKE_DIR")?);
    let out = package.ancestors().nth(2).ok_or("its build has no folder")?;
    let cache = fs::read_to_string(out.join("build/CMakeCache.txt"))?;
    let noted = cache.lines().find_map(|line| line.strip_prefix("CMAKE_HOME_DIRECTORY:INTERNAL="));
    Ok(noted.ok_or("its build does not say where llama.cpp is")?.into())
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|err| format!("{program}: {err}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let reason = said.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    Err(format!("{program} ended with {}: {reason}", output.status).into())
}
