//! What relocatable objects ask for, machine by machine: ELF for x86-64 (System V ABI, AMD64 supplement, 4.4) and for
//! AArch64 (ELF for the Arm 64-bit Architecture, 5.7), as far as LLVM makes use of it in code for one place.

use object::elf;

/// A machine that objects can be for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Machine {
    X86,
    Aarch64,
}

/// Bytes of the stub that reaches an external function from anywhere; the last eight are its address.
pub const STUB: usize = 16;

/// What a relocation is about.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Of the field.
    pub address: usize,
    /// Of the symbol.
    pub target: usize,
    /// Where the symbol's address is kept, for an external one.
    pub pointer: Option<usize>,
}

/// The field's new value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    Word(u32),
    Double(u64),
}

impl Machine {
    /// The machine that this program runs on.
    pub const HERE: Machine = if cfg!(target_arch = "x86_64") { Machine::X86 } else { Machine::Aarch64 };

    /// The machine of an ELF header.
    pub fn of(machine: u16) -> Option<Machine> {
        match machine {
            elf::EM_X86_64 => Some(Machine::X86),
            elf::EM_AARCH64 => Some(Machine::Aarch64),
            _ => None,
        }
    }

    /// Code that goes on at `address`.
    pub fn stub(self, address: usize) -> [u8; STUB] {
        let mut stub = [0; STUB];
        stub[..8].copy_from_slice(match self {
            // jmp [rip + 2]
            Machine::X86 => &[0xff, 0x25, 0x02, 0, 0, 0, 0x90, 0x90],
            // ldr x16, .+8; br x16
            Machine::Aarch64 => &[0x50, 0, 0, 0x58, 0, 0x02, 0x1f, 0xd6],
        });
        stub[8..].copy_from_slice(&address.to_le_bytes());
        stub
    }

    /// The field at `place` for a relocation of this kind; `old`: the instruction there.
    pub fn relocate(self, kind: u32, place: Place, addend: i64, old: u32) -> Result<Field, String> {
        match self {
            Machine::X86 => x86(kind, place, addend),
            Machine::Aarch64 => aarch64(kind, place, addend, old),
        }
    }
}

fn plus(address: usize, addend: i64) -> i64 {
    (address as i64).wrapping_add(addend)
}

fn near(delta: i64) -> Result<Field, String> {
    i32::try_from(delta).map(|d| Field::Word(d as u32)).map_err(|_| "relocation out of reach".into())
}

fn x86(kind: u32, place: Place, addend: i64) -> Result<Field, String> {
    let from = place.address as i64;
    match kind {
        elf::R_X86_64_64 => Ok(Field::Double(plus(place.target, addend) as u64)),
        elf::R_X86_64_PC32 | elf::R_X86_64_PLT32 => near(plus(place.target, addend).wrapping_sub(from)),
        elf::R_X86_64_PC64 => Ok(Field::Double(plus(place.target, addend).wrapping_sub(from) as u64)),
        elf::R_X86_64_GOTPCREL | elf::R_X86_64_GOTPCRELX | elf::R_X86_64_REX_GOTPCRELX => {
            let pointer = place.pointer.ok_or("GOT entry for a defined symbol")?;
            near(plus(pointer, addend).wrapping_sub(from))
        }
        other => Err(format!("relocation type {other}")),
    }
}

fn aarch64(kind: u32, place: Place, addend: i64, old: u32) -> Result<Field, String> {
    let from = place.address as i64;
    let to = plus(place.target, addend);
    let slot = || place.pointer.map(|p| plus(p, addend)).ok_or("GOT entry for a defined symbol");
    // The twelve low bits, counted in units of an access, go to bit 10.
    let low = |to: i64, unit: u32| {
        let offset = (to as u32 & 0xfff) >> unit;
        Field::Word(old & !(0xfff << 10) | offset << 10)
    };
    let page = |to: i64| -> Result<Field, String> {
        let pages = (to >> 12).wrapping_sub(from >> 12);
        if !(-(1 << 20)..1 << 20).contains(&pages) {
            return Err("relocation out of reach".into());
        }
        let pages = pages as u32;
        Ok(Field::Word(old & 0x9f00_001f | (pages & 3) << 29 | (pages >> 2 & 0x7_ffff) << 5))
    };
    match kind {
        elf::R_AARCH64_ABS64 => Ok(Field::Double(to as u64)),
        elf::R_AARCH64_PREL64 => Ok(Field::Double(to.wrapping_sub(from) as u64)),
        elf::R_AARCH64_PREL32 => near(to.wrapping_sub(from)),
        elf::R_AARCH64_CALL26 | elf::R_AARCH64_JUMP26 => {
            let words = to.wrapping_sub(from) >> 2;
            if !(-(1 << 25)..1 << 25).contains(&words) {
                return Err("relocation out of reach".into());
            }
            Ok(Field::Word(old & 0xfc00_0000 | words as u32 & 0x03ff_ffff))
        }
        elf::R_AARCH64_ADR_PREL_PG_HI21 => page(to),
        elf::R_AARCH64_ADR_GOT_PAGE => page(slot()?),
        elf::R_AARCH64_ADD_ABS_LO12_NC | elf::R_AARCH64_LDST8_ABS_LO12_NC => Ok(low(to, 0)),
        elf::R_AARCH64_LDST16_ABS_LO12_NC => Ok(low(to, 1)),
        elf::R_AARCH64_LDST32_ABS_LO12_NC => Ok(low(to, 2)),
        elf::R_AARCH64_LDST64_ABS_LO12_NC => Ok(low(to, 3)),
        elf::R_AARCH64_LDST128_ABS_LO12_NC => Ok(low(to, 4)),
        elf::R_AARCH64_LD64_GOT_LO12_NC => Ok(low(slot()?, 3)),
        other => Err(format!("relocation type {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_aarch64_instructions() {
        let place = Place { address: 0x1_0000, target: 0x2_3458, pointer: None };
        let field = |kind, old| Machine::Aarch64.relocate(kind, place, 0, old).unwrap();
        // bl .+0x13458; adrp x0, .+0x13000; ldr q0, [x0, #0x450]
        assert_eq!(field(elf::R_AARCH64_CALL26, 0x9400_0000), Field::Word(0x9400_4d16));
        assert_eq!(field(elf::R_AARCH64_ADR_PREL_PG_HI21, 0x9000_0000), Field::Word(0xf000_0080));
        assert_eq!(field(elf::R_AARCH64_LDST64_ABS_LO12_NC, 0xf940_0000), Field::Word(0xf942_2c00));
        assert!(Machine::Aarch64.relocate(elf::R_AARCH64_ADR_GOT_PAGE, place, 0, 0).is_err());
        let far = Place { target: 1 << 40, ..place };
        assert!(Machine::Aarch64.relocate(elf::R_AARCH64_CALL26, far, 0, 0).is_err());
        assert!(Machine::X86.relocate(elf::R_X86_64_PC32, far, 0, 0).is_err());
    }
}
