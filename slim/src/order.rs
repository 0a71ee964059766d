//! The functions in another order: those that resemble each other next to each other. Brotli
//! finds what repeats everywhere, but says with fewer bits what repeats nearby.

use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, FunctionSection};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload,
    TypeRef,
};

use crate::likeness::{Rows, walk};

/// Writes the module with its functions by likeness. It does the same.
pub(crate) fn by_likeness(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut imported = 0;
    let mut functions = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => functions.push(Rows::of(&body, wasm)?),
            _ => {}
        }
    }
    let mut order = Order::new(imported, walk(&functions));
    let mut module = wasm_encoder::Module::new();
    order
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|err| anyhow!("the page's wasm can't be written anew: {err}"))?;
    Ok(module.finish())
}

struct Order {
    /// Which function comes first, which second, and so on.
    walk: Vec<usize>,
    /// How each function is called now, also the ones that are imported.
    called: Vec<u32>,
}

impl Order {
    fn new(imported: usize, walk: Vec<usize>) -> Self {
        let mut called: Vec<u32> = (0..imported as u32).collect();
        called.resize(imported + walk.len(), 0);
        for (now, &then) in walk.iter().enumerate() {
            called[imported + then] = (imported + now) as u32;
        }
        Self { walk, called }
    }
}

type Done<T = ()> = std::result::Result<T, reencode::Error<Infallible>>;

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, then: u32) -> Done<u32> {
        Ok(self.called[then as usize])
    }

    /// What tools note beside the code; no browser reads it.
    fn parse_custom_section(
        &mut self,
        _: &mut wasm_encoder::Module,
        _: CustomSectionReader<'_>,
    ) -> Done {
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Done {
        let types: Vec<u32> = section.into_iter().collect::<wasmparser::Result<_>>()?;
        for &then in &self.walk {
            functions.function(types[then]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Done {
        let bodies: Vec<FunctionBody> = section.into_iter().collect::<wasmparser::Result<_>>()?;
        for then in self.walk.clone() {
            self.parse_function_body(code, bodies[then].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, FunctionKind, Module, ValType};

    use super::*;

    #[test]
    fn whoever_named_a_function_finds_it() -> Result<()> {
        let mut module = Module::default();
        for (name, adds) in [("one", 1), ("two", 2), ("many", 1_000_000)] {
            let mut function = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
            let mut body = function.func_body();
            body.i32_const(adds);
            if adds != 2 {
                body.i32_const(adds).drop().i32_const(7).drop();
            }
            let function = function.finish(vec![], &mut module.funcs);
            module.exports.add(name, function);
        }
        let wasm = by_likeness(&module.emit_wasm())?;
        let module = Module::from_buffer(&wasm)?;
        for (name, instructions) in [("one", 5), ("two", 1), ("many", 5)] {
            let function = module.funcs.get(module.exports.get_func(name)?);
            let FunctionKind::Local(function) = &function.kind else {
                panic!("{name} is not ours")
            };
            assert_eq!(function.block(function.entry_block()).instrs.len(), instructions, "{name}");
        }
        Ok(())
    }
}
