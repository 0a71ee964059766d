//! Short names between the wasm and its JavaScript. wasm-bindgen gives them for a linker:
//! `__wbg_appendChild_dbf7ad2f48413560`.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use walrus::Module;

use crate::more::{LINK, borrowed};
use crate::text::{replace_words, words};

/// Gives what they lend each other short names, on all sides.
pub(crate) fn shorten(module: &mut Module, more: &mut Module, js: &str) -> Result<String> {
    let borrowed = borrowed(more);
    let imports = module.imports.iter().map(|import| import.name.as_str());
    let exports = module.exports.iter().map(|export| export.name.as_str());
    let written = words(js);
    let mut others: HashMap<String, String> = HashMap::new();
    for name in imports.chain(exports).filter(|name| is_made_up(name)) {
        let is_known = written.contains_key(name) || borrowed.contains(name);
        ensure!(is_known, "the JavaScript does not know {name} of the wasm");
        let place = others.len();
        others.entry(name.to_owned()).or_insert_with(|| short(place));
    }
    let taken = others.values().find(|name| written.contains_key(name.as_str()));
    ensure!(taken.is_none(), "the JavaScript has another {taken:?}");

    let named = |name: &mut String| {
        if let Some(other) = others.get(name) {
            name.clone_from(other);
        }
    };
    module.imports.iter_mut().for_each(|import| named(&mut import.name));
    module.exports.iter_mut().for_each(|export| named(&mut export.name));
    more.imports.iter_mut().for_each(|import| named(&mut import.name));
    lender(module, replace_words(js, &others))
}

/// Whether wasm-bindgen made the name up, so that it is written nowhere with another meaning.
fn is_made_up(name: &str) -> bool {
    name.starts_with("__") || name.starts_with("wasm_bindgen__")
}

/// Gives a short name to the JavaScript as well, as the wasm knows it.
fn lender(module: &mut Module, js: String) -> Result<String> {
    const SHORT: &str = "$";
    let of_js = module.imports.iter().find(|import| import.module != LINK);
    let Some(long) = of_js.map(|import| import.module.clone()) else { return Ok(js) };
    let written = format!("\"{long}\": ");
    let is_one = module.imports.iter().all(|it| it.module == long || it.module == LINK);
    ensure!(is_one && js.matches(&written).count() == 1, "the wasm borrows from several");
    let imports = module.imports.iter_mut().filter(|import| import.module == long);
    imports.for_each(|import| SHORT.clone_into(&mut import.module));
    Ok(js.replace(&written, &format!("{SHORT}: ")))
}

/// `$a` to `$z`, then `$aa` and so on.
fn short(mut place: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'a' + (place % 26) as u8));
        if place < 26 {
            break format!("${name}");
        }
        place = place / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_on_behind_z() {
        assert_eq!([0, 25, 26, 51, 52, 702].map(short), ["$a", "$z", "$aa", "$az", "$ba", "$aaa"]);
    }

    #[test]
    fn both_sides_hear_of_a_name() -> Result<()> {
        let mut module = Module::default();
        let borrowed = module.types.add(&[], &[]);
        module.add_import_func("./page.js", "__wbg_focus_0123", borrowed);
        let js = "const import0 = {\n__wbg_focus_0123: focus,\n};\nreturn {\n\"./page.js\": import0,\n};\n";
        let js = shorten(&mut module, &mut Module::default(), js)?;
        assert_eq!(js, "const import0 = {\n$a: focus,\n};\nreturn {\n$: import0,\n};\n");
        let import = module.imports.iter().next().map(|it| (it.module.as_str(), it.name.as_str()));
        assert_eq!(import, Some(("$", "$a")));
        Ok(())
    }

    #[test]
    fn a_name_that_only_the_wasm_knows_is_a_mistake() {
        let mut module = Module::default();
        let borrowed = module.types.add(&[], &[]);
        module.add_import_func("./page.js", "__wbg_focus_0123", borrowed);
        let js = "\"./page.js\": import0";
        assert!(shorten(&mut module, &mut Module::default(), js).is_err());
    }
}
