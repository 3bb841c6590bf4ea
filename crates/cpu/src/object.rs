//! Loads relocatable ELF objects into executable memory; `relocation` knows the machines.
//!
//! Objects come from LLVM or from the disk cache: nothing in them is trusted, every offset is checked, and an object
//! that asks for what is not supported is refused (the caller compiles again).

use crate::processor::Processor;
use crate::relocation::{self, Machine, STUB};
use object::read::elf::ElfFile64;
use object::{
    Object, ObjectSection, ObjectSymbol, RelocationFlags, RelocationTarget, SectionKind, SymbolSection,
};
use rustc_hash::FxHashMap;

/// Executable memory with the symbols of an object. Unmapped on drop, unless its processor gave the place.
pub struct Loaded {
    base: *mut u8,
    /// 0: not to be unmapped.
    size: usize,
    symbols: FxHashMap<String, usize>,
}

// SAFETY: the memory is immutable after loading and the map is read only.
unsafe impl Send for Loaded {}
// SAFETY: as above.
unsafe impl Sync for Loaded {}

impl Loaded {
    /// Address of a function that the object defines.
    pub fn symbol(&self, name: &str) -> Option<usize> {
        self.symbols.get(name).copied()
    }
}

impl Loaded {
    /// All functions and data that the object defines.
    pub fn symbols(&self) -> impl Iterator<Item = (&str, usize)> {
        self.symbols.iter().map(|(name, at)| (name.as_str(), *at))
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        if self.size != 0 {
            // SAFETY: mapped by `load` with this size, unmapped once.
            unsafe {
                libc::munmap(self.base.cast(), self.size);
            }
        }
    }
}

/// C functions that LLVM may call for its own intrinsics.
fn external(name: &str) -> Option<usize> {
    match name {
        "memcpy" => Some(libc::memcpy as *const () as usize),
        "memmove" => Some(libc::memmove as *const () as usize),
        "memset" => Some(libc::memset as *const () as usize),
        "memcmp" => Some(libc::memcmp as *const () as usize),
        _ => None,
    }
}

/// Maps the object and applies its relocations.
pub fn load(bytes: &[u8], processor: &dyn Processor) -> Result<Loaded, String> {
    let file = ElfFile64::<object::Endianness>::parse(bytes).map_err(|e| e.to_string())?;
    let machine = Machine::of(file.elf_header().e_machine.get(object::Endianness::Little));
    let Some(machine) = machine.filter(|m| processor.enter().is_some() || *m == Machine::HERE) else {
        return Err("object for another machine".into());
    };
    // Lay out the sections that code needs, then a stub and a pointer for each external symbol.
    let mut offsets: FxHashMap<usize, usize> = FxHashMap::default();
    let mut size = 0usize;
    for section in file.sections() {
        let wanted = matches!(
            section.kind(),
            SectionKind::Text
                | SectionKind::Data
                | SectionKind::ReadOnlyData
                | SectionKind::ReadOnlyDataWithRel
                | SectionKind::ReadOnlyString
                | SectionKind::UninitializedData
        );
        if !wanted || section.size() == 0 || section.name() == Ok(".eh_frame") {
            continue;
        }
        let align = section.align().clamp(1, 4096) as usize;
        if section.size() > 1 << 30 {
            return Err("section too large".into());
        }
        size = size.next_multiple_of(align);
        offsets.insert(section.index().0, size);
        size += section.size() as usize;
    }
    size = size.next_multiple_of(16);
    let stubs = size;
    let externals: Vec<(object::SymbolIndex, String)> = file
        .symbols()
        .filter(|s| s.is_undefined() && !s.name().unwrap_or("").is_empty())
        .map(|s| (s.index(), s.name().unwrap_or("").to_string()))
        .collect();
    size += externals.len() * STUB;
    let mut memory = Mapping::new(size.max(1), processor.room(size.max(1)))?;
    for section in file.sections() {
        let Some(&at) = offsets.get(&section.index().0) else { continue };
        let data = section.data().map_err(|e| e.to_string())?;
        memory.write(at, data)?;
    }
    let mut external_at: FxHashMap<usize, (usize, usize)> = FxHashMap::default();
    for (i, (index, name)) in externals.iter().enumerate() {
        let address = external(name).ok_or_else(|| format!("undefined symbol {name}"))?;
        let at = stubs + i * STUB;
        memory.write(at, &machine.stub(address))?;
        external_at.insert(index.0, (at, at + STUB - 8));
    }
    let base = memory.base as usize;
    for section in file.sections() {
        let Some(&section_at) = offsets.get(&section.index().0) else { continue };
        for (offset, reloc) in section.relocations() {
            let RelocationTarget::Symbol(index) = reloc.target() else {
                return Err("relocation without a symbol".into());
            };
            let RelocationFlags::Elf { r_type } = reloc.flags() else {
                return Err("not an ELF relocation".into());
            };
            let symbol = file.symbol_by_index(index).map_err(|e| e.to_string())?;
            let (target, pointer) = match symbol.section() {
                SymbolSection::Section(s) => {
                    let at = offsets.get(&s.0).ok_or("relocation against a section that is not loaded")?;
                    (base.wrapping_add(*at).wrapping_add(symbol.address() as usize), None)
                }
                SymbolSection::Undefined => {
                    let (stub, pointer) = external_at.get(&index.0).ok_or("undefined symbol")?;
                    (base + stub, Some(base + pointer))
                }
                _ => return Err("relocation against an odd symbol".into()),
            };
            let at = section_at.checked_add(offset as usize).ok_or("relocation out of range")?;
            let place = relocation::Place { address: base.wrapping_add(at), target, pointer };
            let old = memory.read(at)?;
            match machine.relocate(r_type, place, reloc.addend(), old)? {
                relocation::Field::Word(value) => memory.write(at, &value.to_le_bytes())?,
                relocation::Field::Double(value) => memory.write(at, &value.to_le_bytes())?,
            }
        }
    }
    let mut symbols = FxHashMap::default();
    for symbol in file.symbols() {
        if let (SymbolSection::Section(s), Ok(name)) = (symbol.section(), symbol.name())
            && let Some(at) = offsets.get(&s.0)
            && !name.is_empty()
        {
            let offset = at.wrapping_add(symbol.address() as usize);
            if offset >= size {
                return Err("symbol out of range".into());
            }
            symbols.insert(name.to_string(), base + offset);
        }
    }
    memory.finish(symbols)
}

/// Writable memory on its way to being executable.
struct Mapping {
    base: *mut u8,
    size: usize,
    /// Whether the memory is ours to unmap.
    owned: bool,
}

impl Mapping {
    fn new(size: usize, room: Option<*mut u8>) -> Result<Mapping, String> {
        if let Some(base) = room {
            return Ok(Mapping { base, size, owned: false });
        }
        // SAFETY: a fresh anonymous mapping; nothing else refers to it.
        let base = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        if base == libc::MAP_FAILED {
            return Err(format!("no memory for code: {}", std::io::Error::last_os_error()));
        }
        Ok(Mapping { base: base.cast(), size, owned: true })
    }

    fn write(&mut self, at: usize, bytes: &[u8]) -> Result<(), String> {
        let end =
            at.checked_add(bytes.len()).filter(|&e| e <= self.size).ok_or("write outside the object")?;
        debug_assert!(end <= self.size);
        // SAFETY: `at..end` lies in the mapping, which is ours alone and writable.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.base.add(at), bytes.len()) };
        Ok(())
    }

    /// The word at a place; the bytes that are not there count as zero.
    fn read(&self, at: usize) -> Result<u32, String> {
        if at >= self.size {
            return Err("read outside the object".into());
        }
        let mut word = [0; 4];
        let count = word.len().min(self.size - at);
        // SAFETY: `at..at + count` lies in the mapping, which is ours alone.
        unsafe { std::ptr::copy_nonoverlapping(self.base.add(at), word.as_mut_ptr(), count) };
        Ok(u32::from_le_bytes(word))
    }

    fn finish(self, symbols: FxHashMap<String, usize>) -> Result<Loaded, String> {
        // SAFETY: the whole mapping, which nobody writes any more.
        let failed =
            unsafe { libc::mprotect(self.base.cast(), self.size, libc::PROT_READ | libc::PROT_EXEC) } != 0;
        if failed {
            return Err(format!("cannot make code executable: {}", std::io::Error::last_os_error()));
        }
        let size = if self.owned { self.size } else { 0 };
        let loaded = Loaded { base: self.base, size, symbols };
        std::mem::forget(self);
        Ok(loaded)
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        if self.owned {
            // SAFETY: mapped by `new`, unmapped once (`finish` forgets it).
            unsafe {
                libc::munmap(self.base.cast(), self.size);
            }
        }
    }
}
