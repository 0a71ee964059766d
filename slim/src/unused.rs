//! What crates bring for others and the page never asks for: classes for JavaScript, what of
//! the wasm only they call, and the JavaScript that only that calls.

use std::collections::HashSet;

use walrus::{Export, Module};

use crate::lent::BEGIN;
use crate::text::{pieces, statements, words};

/// Drops what nobody uses. The page is an application: its JavaScript is loaded, its `default`
/// starts it, and whatever it exports beside that is for nobody but the second module, which
/// borrows what has these names.
pub(crate) fn drop_unused(module: &mut Module, js: &str, borrowed: &HashSet<String>) -> String {
    let mut js = without_classes(&js.replace("export { initSync, ", "export { "));
    loop {
        let before = js.len();
        js = without_unused_declarations(&js);
        drop_exports(module, &js, borrowed);
        walrus::passes::gc::run(module);
        let imports = module.imports.iter().map(|import| import.name.as_str()).collect();
        js = without_other_imports(&js, &imports);
        if js.len() == before {
            break js;
        }
    }
}

/// Keeps of what the wasm lends only what is named in the JavaScript or borrowed.
fn drop_exports(module: &mut Module, js: &str, borrowed: &HashSet<String>) {
    let used = words(js);
    let is_unused = |export: &&Export| {
        !used.contains_key(export.name.as_str()) && !borrowed.contains(&export.name)
    };
    let unused: Vec<_> = module.exports.iter().filter(is_unused).map(Export::id).collect();
    for export in unused {
        module.exports.delete(export);
    }
}

fn without_classes(js: &str) -> String {
    let classes: Vec<&str> = statements(js).into_iter().filter_map(class).collect();
    let is_about_one = |statement: &str| {
        classes.iter().any(|name| {
            class(statement) == Some(name)
                || statement.starts_with(&format!("if (Symbol.dispose) {name}."))
                || statement.starts_with(&format!("const {name}Finalization "))
        })
    };
    statements(js).into_iter().filter(|it| !is_about_one(it)).collect()
}

/// The name of the class that is exported here.
fn class(statement: &str) -> Option<&str> {
    statement.strip_prefix("export class ")?.split(' ').next()
}

/// Leaves out of what the wasm is lent what it no longer borrows.
fn without_other_imports(js: &str, imports: &HashSet<&str>) -> String {
    let Some((before, lent)) = js.split_once(BEGIN) else { return js.to_owned() };
    let mut is_lent = true;
    let stays = |piece: &&str| {
        is_lent &= !piece.starts_with('}');
        match piece.split_once(':') {
            Some((name, _)) if is_lent => imports.contains(name),
            _ => true,
        }
    };
    let lent: String = pieces(lent, |_| false).into_iter().filter(stays).collect();
    format!("{before}{BEGIN}{lent}")
}

/// Drops functions and lists that are named nowhere but in themselves.
fn without_unused_declarations(js: &str) -> String {
    let used = words(js);
    let is_used = |statement: &&str| match declared(statement) {
        Some(name) => used.get(name) > words(statement).get(name),
        None => true,
    };
    statements(js).into_iter().filter(is_used).collect()
}

/// The name of what is made here, where making it does nothing else.
fn declared(statement: &str) -> Option<&str> {
    let function = statement.strip_prefix("function ");
    let list = statement.strip_prefix("const ").filter(|it| it.contains(" = ["));
    function.or(list)?.split(['(', ' ']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_goes_with_what_belongs_to_it() {
        let js = "export class Pipe {\nfree() {\n}\n}\n\
                  if (Symbol.dispose) Pipe.prototype[Symbol.dispose] = Pipe.prototype.free;\n\
                  const PipeFinalization = (a)\n? {}\n: new B();\n\
                  let wasm;\n";
        assert_eq!(without_classes(js), "let wasm;\n");
    }

    #[test]
    fn only_what_is_borrowed_is_lent() {
        let js = "function imports() {\nconst import0 = {\n__proto__: null,\n\
                  __wbg_a_1: function() {\nvar b = {\n};\n},\n__wbg_c_2: d,\n};\nreturn {\n\"./page.js\": import0,\n};\n}\n";
        let left = without_other_imports(js, &HashSet::from(["__wbg_c_2"]));
        assert_eq!(
            left,
            "function imports() {\nconst import0 = {\n__proto__: null,\n__wbg_c_2: d,\n};\n\
             return {\n\"./page.js\": import0,\n};\n}\n"
        );
    }

    #[test]
    fn what_is_named_only_in_itself_goes() {
        let js = "function a() {\na(b[0]);\n}\nconst b = [1];\nconst c = d();\nconst e = [2];\n";
        assert_eq!(without_unused_declarations(js), "const b = [1];\nconst c = d();\n");
    }
}
