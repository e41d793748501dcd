//! The result of a denied function: the value of its result type that means "denied", in the layout of the canonical ABI.

use wit_parser::abi::{WasmSignature, WasmType};
use wit_parser::{Function, Int, Resolve, SizeAlign, Type, TypeDefKind};

/// The action of the core function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeniedResult {
    /// It returns this: a plain value, or the address of the result.
    Value(i32),
    /// It traps: its type has no value that means "denied".
    Trap,
}

/// The address of the first result; address 0 stays free.
const START: usize = 16;

/// Lays results out in memory.
pub(super) struct ResultWriter<'a> {
    resolve: &'a Resolve,
    sizes: SizeAlign,
    bytes: Vec<u8>,
}

/// The memory that results point to.
pub(super) struct Data(Vec<u8>);

impl Data {
    pub(super) fn start(&self) -> usize {
        START
    }

    pub(super) fn end(&self) -> usize {
        START + self.0.len()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<'a> ResultWriter<'a> {
    pub(super) fn new(resolve: &'a Resolve) -> Self {
        let mut sizes = SizeAlign::default();
        sizes.fill(resolve);
        Self { resolve, sizes, bytes: Vec::new() }
    }

    /// Returns the memory of all results so far.
    pub(super) fn into_data(mut self) -> Data {
        self.reserve(0);
        Data(self.bytes)
    }

    /// Returns the denial of a function of an interface: an empty list, no option, or an error.
    pub(super) fn refusal(&mut self, interface: &str, function: &Function, signature: &WasmSignature) -> DeniedResult {
        let Some(result) = &function.result else { return DeniedResult::Trap };
        let at = self.reserve(self.sizes.size(result).size_wasm32());
        let written = match self.kind(result) {
            // All zeros: an empty list, or none.
            Some(TypeDefKind::List(_) | TypeDefKind::Option(_)) => Some(()),
            Some(TypeDefKind::Result(result)) => {
                self.bytes[at] = 1;
                let payload =
                    at + self.sizes.payload_offset(Int::U8, [result.ok.as_ref(), result.err.as_ref()]).size_wasm32();
                match result.err {
                    Some(error) => self.write_error(&error, payload, interface),
                    None => Some(()),
                }
            }
            _ => None,
        };
        match (written, signature.results.as_slice()) {
            (Some(()), [_]) if signature.retptr => {
                i32::try_from(START + at).map_or(DeniedResult::Trap, DeniedResult::Value)
            }
            // Without payloads a result is one flat number, its tag.
            (Some(()), [WasmType::I32]) => DeniedResult::Value(i32::from(self.bytes[at])),
            _ => DeniedResult::Trap,
        }
    }

    /// Writes the case of an error type that means "denied" best; returns `None` if there is none.
    fn write_error(&mut self, error: &Type, at: usize, interface: &str) -> Option<()> {
        if self.is_string(error) {
            self.write_message(at, interface);
            return Some(());
        }
        match self.kind(error)? {
            TypeDefKind::Enum(cases) => {
                let case = cases.cases.iter().position(|case| case.name == "access-denied")?;
                self.write_tag(at, cases.tag(), case);
                Some(())
            }
            TypeDefKind::Variant(variant) => {
                let payload =
                    self.sizes.payload_offset(variant.tag(), variant.cases.iter().map(|case| case.ty.as_ref()));
                let payload = at + payload.size_wasm32();
                let cases = variant.cases.iter().enumerate();
                let denied = cases.clone().find(|(_, case)| case.name == "access-denied" && case.ty.is_none());
                if let Some((index, _)) = denied {
                    self.write_tag(at, variant.tag(), index);
                    return Some(());
                }
                let by_name = |name: &'static str| cases.clone().find(move |(_, case)| case.name == name);
                let named = ["other", "internal-error", "io", "provider"].into_iter().filter_map(by_name);
                let (index, ty, optional) = named.chain(cases.clone()).find_map(|(index, case)| {
                    let ty = case.ty.as_ref()?;
                    let optional = matches!(self.kind(ty), Some(TypeDefKind::Option(inner)) if self.is_string(inner));
                    (optional || self.is_string(ty)).then_some((index, *ty, optional))
                })?;
                self.write_tag(at, variant.tag(), index);
                let text = if optional {
                    self.bytes[payload] = 1;
                    payload + self.sizes.align(&ty).align_wasm32()
                } else {
                    payload
                };
                self.write_message(text, interface);
                Some(())
            }
            _ => None,
        }
    }

    fn write_message(&mut self, at: usize, interface: &str) {
        let message = format!("{interface:?} is not permitted");
        let text = self.reserve(message.len());
        self.bytes[text..text + message.len()].copy_from_slice(message.as_bytes());
        self.write_number(at, START + text);
        self.write_number(at + 4, message.len());
    }

    fn write_tag(&mut self, at: usize, tag: Int, case: usize) {
        let bytes = case.to_le_bytes();
        let width = match tag {
            Int::U8 => 1,
            Int::U16 => 2,
            Int::U32 | Int::U64 => 4,
        };
        self.bytes[at..at + width].copy_from_slice(&bytes[..width]);
    }

    fn write_number(&mut self, at: usize, number: usize) {
        self.bytes[at..at + 4].copy_from_slice(&number.to_le_bytes()[..4]);
    }

    /// Reserves zeroed memory, aligned for any type, and returns its offset from the start.
    fn reserve(&mut self, size: usize) -> usize {
        let at = self.bytes.len().next_multiple_of(16);
        self.bytes.resize(at + size, 0);
        at
    }

    fn is_string(&self, ty: &Type) -> bool {
        match ty {
            Type::String => true,
            Type::Id(id) => matches!(&self.resolve.types[*id].kind, TypeDefKind::Type(inner) if self.is_string(inner)),
            _ => false,
        }
    }

    /// Returns the structure of a type behind its aliases; `None` for a primitive one.
    fn kind(&self, ty: &Type) -> Option<&'a TypeDefKind> {
        let Type::Id(id) = ty else { return None };
        match &self.resolve.types[*id].kind {
            TypeDefKind::Type(inner) => self.kind(inner),
            kind => Some(kind),
        }
    }
}
