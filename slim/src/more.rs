//! The second module of the page: it shares memory and functions with the first one, and comes when
//! it is asked for.

use std::collections::HashSet;

use anyhow::{Result, ensure};
use walrus::Module;

/// From where the first module borrows what fetches the second.
pub const LINK: &str = "./more.js";

/// Stands in the JavaScript for the address of the second module.
pub const ADDRESS: &str = "{more.wasm}";

/// What the second module calls the first, before and after.
const FIRST: &str = "__wasm_split";
const SHORT: &str = "$";

/// Fetches it once, or again after that failed, as it does when the page is left meanwhile; then calls the function of this number in the
/// table with what it was given and whether all went well.
const FETCH: &str = r#"let more;
const get = (again, given) => {
more ??= WebAssembly.instantiateStreaming(fetch("/{more.wasm}"), {$: wasm});
more.then(() => 1, (error) => {
more = undefined;
console.warn(error);
return 0;
}).then((went) => wasm.__indirect_function_table.get(again)(given, went));
};
"#;

/// Reads the second module.
pub(crate) fn read(wasm: &[u8]) -> Result<Module> {
    let mut module = Module::from_buffer(wasm)?;
    // It gives its functions by the table that both share.
    let exports: Vec<_> = module.exports.iter().map(walrus::Export::id).collect();
    for export in exports {
        module.exports.delete(export);
    }
    let is_first = module.imports.iter().all(|import| import.module == FIRST);
    ensure!(is_first, "the second module borrows from others than the first");
    module.imports.iter_mut().for_each(|import| SHORT.clone_into(&mut import.module));
    Ok(module)
}

/// What it borrows from the first one, by name.
pub(crate) fn borrowed(module: &Module) -> HashSet<String> {
    module.imports.iter().map(|import| import.name.clone()).collect()
}

/// Puts what fetches the second module where wasm-bindgen would import it.
pub(crate) fn fetch(js: &str) -> Result<String> {
    let from = format!(" from \"{LINK}\"");
    let is_import = |line: &&str| line.starts_with("import * as ") && line.contains(&from);
    let lines: Vec<&str> = js.lines().filter(is_import).collect();
    ensure!(lines.len() == 1, "the JavaScript does not import {LINK} once");
    let name = lines[0].trim_start_matches("import * as ").split(' ').next().unwrap_or_default();
    let known = format!("\"{LINK}\": {name},");
    ensure!(js.matches(&known).count() == 1, "{LINK} is not lent once");
    let js = js.replace(&format!("{}\n", lines[0]), FETCH);
    Ok(js.replace(&known, &format!("\"{LINK}\": {{__wasm_split_load_more: get}},")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_imported_is_in_the_javascript_instead() -> Result<()> {
        let js = "import * as import1 from \"./more.js\"\nreturn {\n\"./more.js\": import1,\n};\n";
        let js = fetch(js)?;
        assert!(js.starts_with("let more;\n") && js.contains(ADDRESS), "{js}");
        assert!(
            js.ends_with("return {\n\"./more.js\": {__wasm_split_load_more: get},\n};\n"),
            "{js}"
        );
        Ok(())
    }

    #[test]
    fn a_page_that_was_not_split_is_a_mistake() {
        assert!(fetch("return {\n};\n").is_err());
    }
}
