//! The locals of each function numbered by how often they are used. Functions that do the same
//! with other locals become the same text, and the numbers in it become few.

use std::cmp::Reverse;
use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, Function, FunctionSection, Instruction};
use wasmparser::{FuncType, FunctionBody, FunctionSectionReader, Operator, Parser, ValType};

/// Writes the module with other numbers for its locals. It does the same.
pub(crate) fn by_use(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = wasm_encoder::Module::new();
    Locals::default()
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|err| anyhow!("the page's wasm can't be written anew: {err}"))?;
    Ok(module.finish())
}

#[derive(Default)]
struct Locals {
    /// How many parameters each type of function has.
    parameters: Vec<u32>,
    /// The types of the functions whose bodies are still to come, the last one first.
    to_come: Vec<u32>,
}

type Done<T = ()> = std::result::Result<T, reencode::Error<Infallible>>;

impl Reencode for Locals {
    type Error = Infallible;

    fn func_type(&mut self, of: FuncType) -> Done<wasm_encoder::FuncType> {
        self.parameters.push(of.params().len() as u32);
        reencode::utils::func_type(self, of)
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Done {
        self.to_come = section.clone().into_iter().collect::<wasmparser::Result<_>>()?;
        self.to_come.reverse();
        reencode::utils::parse_function_section(self, functions, section)
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Done {
        let of = self.to_come.pop().unwrap_or_default();
        let parameters = self.parameters[of as usize];
        let (declared, numbers) = numbered(&body, parameters)?;

        let types = declared.into_iter().map(|of| Ok((1, self.val_type(of)?)));
        let types: Vec<_> = types.collect::<Done<_>>()?;
        let mut function = Function::new_with_locals_types(types.into_iter().map(|it| it.1));
        let number = |local: u32| match local.checked_sub(parameters) {
            Some(place) => numbers[place as usize],
            None => local,
        };
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            function.instruction(&match reader.read()? {
                Operator::LocalGet { local_index } => Instruction::LocalGet(number(local_index)),
                Operator::LocalSet { local_index } => Instruction::LocalSet(number(local_index)),
                Operator::LocalTee { local_index } => Instruction::LocalTee(number(local_index)),
                other => self.instruction(other)?,
            });
        }
        code.function(&function);
        Ok(())
    }
}

/// The locals beside the parameters: their types in the new order, and the new number of each.
/// Those of a type stay together, because that is how they are declared.
fn numbered(body: &FunctionBody<'_>, parameters: u32) -> Done<(Vec<ValType>, Vec<u32>)> {
    let mut types = Vec::new();
    for group in body.get_locals_reader()? {
        let (times, of) = group?;
        types.resize(types.len() + times as usize, of);
    }
    let mut kinds = types.clone();
    kinds.dedup();
    let mut used = vec![(0_u32, usize::MAX); types.len()];
    let mut reader = body.get_operators_reader()?;
    while !reader.eof() {
        if let Operator::LocalGet { local_index: local }
        | Operator::LocalSet { local_index: local }
        | Operator::LocalTee { local_index: local } = reader.read()?
            && let Some(place) = local.checked_sub(parameters)
        {
            let (times, first) = &mut used[place as usize];
            *times += 1;
            *first = reader.original_position().min(*first);
        }
    }
    let mut order: Vec<usize> = (0..types.len()).collect();
    order.sort_by_key(|&then| {
        let (times, first) = used[then];
        (kinds.iter().position(|&kind| kind == types[then]), Reverse(times), first)
    });
    let mut numbers = vec![0; types.len()];
    for (now, &then) in order.iter().enumerate() {
        numbers[then] = parameters + now as u32;
    }
    Ok((order.into_iter().map(|then| types[then]).collect(), numbers))
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{FunctionSection, Module, TypeSection, ValType as Of};
    use wasmparser::Payload;

    use super::*;

    #[test]
    fn what_is_used_most_comes_first_of_its_type() -> Result<()> {
        let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
        types.ty().function([Of::I32], []);
        functions.function(0);
        // The parameter is 0, then an i32, an i64 and an i32.
        let mut function = Function::new_with_locals_types([Of::I32, Of::I64, Of::I32]);
        for local in [1, 0, 3, 2, 3] {
            function.instruction(&Instruction::LocalGet(local));
            function.instruction(&Instruction::Drop);
        }
        function.instruction(&Instruction::End);
        let mut code = CodeSection::new();
        code.function(&function);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);

        let wasm = by_use(&module.finish())?;
        let mut used = Vec::new();
        for payload in Parser::new(0).parse_all(&wasm) {
            if let Payload::CodeSectionEntry(body) = payload? {
                let mut reader = body.get_operators_reader()?;
                while !reader.eof() {
                    if let Operator::LocalGet { local_index } = reader.read()? {
                        used.push(local_index);
                    }
                }
            }
        }
        assert_eq!(used, [2, 0, 1, 3, 1]);
        Ok(())
    }
}
