//! The special registers (PTX ISA 10): one row each.
//! Invariant: a register's name, type, width and first version are stated here and nowhere else.

use crate::words::ScalarType;
use ScalarType::{B32, Pred, U32, U64};

/// A row of the special-register table.
#[derive(Clone, Copy, Debug)]
pub struct SpecialRow {
    /// The register.
    pub reg: SpecialReg,
    /// Its name, with the `%`.
    pub name: &'static str,
    /// Type of the register or of each of its elements.
    pub ty: ScalarType,
    /// Whether it has `.x .y .z .w`.
    pub vector: bool,
    /// PTX version that introduced it.
    pub ptx: (u8, u8),
    /// Lowest target.
    pub sm: u32,
    /// `None` when supported, else why not.
    pub unsupported: Option<&'static str>,
}

macro_rules! special {
    ($($variant:ident $name:literal $ty:ident $vector:literal $major:literal . $minor:literal $sm:literal $unsupported:expr;)*) => {
        /// A special register.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum SpecialReg { $(#[doc = $name] $variant),* }

        /// Every special register, indexed by the enum's value.
        pub static SPECIAL: &[SpecialRow] = &[$(SpecialRow {
            reg: SpecialReg::$variant, name: $name, ty: $ty, vector: $vector != 0, ptx: ($major, $minor), sm: $sm,
            unsupported: $unsupported,
        }),*];
    };
}

const PM: Option<&str> = Some("performance-monitor counters are not modelled");

special! {
    Tid "%tid" U32 1 1 . 0 10 None;
    Ntid "%ntid" U32 1 1 . 0 10 None;
    Laneid "%laneid" U32 0 1 . 3 10 None;
    Warpid "%warpid" U32 0 1 . 3 10 None;
    Nwarpid "%nwarpid" U32 0 2 . 0 20 None;
    Ctaid "%ctaid" U32 1 1 . 0 10 None;
    Nctaid "%nctaid" U32 1 1 . 0 10 None;
    Smid "%smid" U32 0 1 . 3 10 None;
    Nsmid "%nsmid" U32 0 2 . 0 20 None;
    Gridid "%gridid" U64 0 1 . 0 10 None;
    IsExplicitCluster "%is_explicit_cluster" Pred 0 7 . 8 90 None;
    Clusterid "%clusterid" U32 1 7 . 8 90 None;
    Nclusterid "%nclusterid" U32 1 7 . 8 90 None;
    ClusterCtaid "%cluster_ctaid" U32 1 7 . 8 90 None;
    ClusterNctaid "%cluster_nctaid" U32 1 7 . 8 90 None;
    ClusterCtarank "%cluster_ctarank" U32 0 7 . 8 90 None;
    ClusterNctarank "%cluster_nctarank" U32 0 7 . 8 90 None;
    LanemaskEq "%lanemask_eq" U32 0 2 . 0 20 None;
    LanemaskLe "%lanemask_le" U32 0 2 . 0 20 None;
    LanemaskLt "%lanemask_lt" U32 0 2 . 0 20 None;
    LanemaskGe "%lanemask_ge" U32 0 2 . 0 20 None;
    LanemaskGt "%lanemask_gt" U32 0 2 . 0 20 None;
    Clock "%clock" U32 0 1 . 0 10 None;
    ClockHi "%clock_hi" U32 0 5 . 0 20 None;
    Clock64 "%clock64" U64 0 2 . 0 20 None;
    Pm0 "%pm0" U32 0 1 . 3 10 PM;
    Pm1 "%pm1" U32 0 1 . 3 10 PM;
    Pm2 "%pm2" U32 0 1 . 3 10 PM;
    Pm3 "%pm3" U32 0 1 . 3 10 PM;
    Pm4 "%pm4" U32 0 3 . 0 20 PM;
    Pm5 "%pm5" U32 0 3 . 0 20 PM;
    Pm6 "%pm6" U32 0 3 . 0 20 PM;
    Pm7 "%pm7" U32 0 3 . 0 20 PM;
    Pm0X64 "%pm0_64" U64 0 4 . 0 50 PM;
    Pm1X64 "%pm1_64" U64 0 4 . 0 50 PM;
    Pm2X64 "%pm2_64" U64 0 4 . 0 50 PM;
    Pm3X64 "%pm3_64" U64 0 4 . 0 50 PM;
    Pm4X64 "%pm4_64" U64 0 4 . 0 50 PM;
    Pm5X64 "%pm5_64" U64 0 4 . 0 50 PM;
    Pm6X64 "%pm6_64" U64 0 4 . 0 50 PM;
    Pm7X64 "%pm7_64" U64 0 4 . 0 50 PM;
    Envreg0 "%envreg0" B32 0 2 . 1 10 None;
    Envreg1 "%envreg1" B32 0 2 . 1 10 None;
    Envreg2 "%envreg2" B32 0 2 . 1 10 None;
    Envreg3 "%envreg3" B32 0 2 . 1 10 None;
    Envreg4 "%envreg4" B32 0 2 . 1 10 None;
    Envreg5 "%envreg5" B32 0 2 . 1 10 None;
    Envreg6 "%envreg6" B32 0 2 . 1 10 None;
    Envreg7 "%envreg7" B32 0 2 . 1 10 None;
    Envreg8 "%envreg8" B32 0 2 . 1 10 None;
    Envreg9 "%envreg9" B32 0 2 . 1 10 None;
    Envreg10 "%envreg10" B32 0 2 . 1 10 None;
    Envreg11 "%envreg11" B32 0 2 . 1 10 None;
    Envreg12 "%envreg12" B32 0 2 . 1 10 None;
    Envreg13 "%envreg13" B32 0 2 . 1 10 None;
    Envreg14 "%envreg14" B32 0 2 . 1 10 None;
    Envreg15 "%envreg15" B32 0 2 . 1 10 None;
    Envreg16 "%envreg16" B32 0 2 . 1 10 None;
    Envreg17 "%envreg17" B32 0 2 . 1 10 None;
    Envreg18 "%envreg18" B32 0 2 . 1 10 None;
    Envreg19 "%envreg19" B32 0 2 . 1 10 None;
    Envreg20 "%envreg20" B32 0 2 . 1 10 None;
    Envreg21 "%envreg21" B32 0 2 . 1 10 None;
    Envreg22 "%envreg22" B32 0 2 . 1 10 None;
    Envreg23 "%envreg23" B32 0 2 . 1 10 None;
    Envreg24 "%envreg24" B32 0 2 . 1 10 None;
    Envreg25 "%envreg25" B32 0 2 . 1 10 None;
    Envreg26 "%envreg26" B32 0 2 . 1 10 None;
    Envreg27 "%envreg27" B32 0 2 . 1 10 None;
    Envreg28 "%envreg28" B32 0 2 . 1 10 None;
    Envreg29 "%envreg29" B32 0 2 . 1 10 None;
    Envreg30 "%envreg30" B32 0 2 . 1 10 None;
    Envreg31 "%envreg31" B32 0 2 . 1 10 None;
    Globaltimer "%globaltimer" U64 0 3 . 1 30 None;
    GlobaltimerLo "%globaltimer_lo" U32 0 3 . 1 30 None;
    GlobaltimerHi "%globaltimer_hi" U32 0 3 . 1 30 None;
    ReservedSmemOffsetBegin "%reserved_smem_offset_begin" B32 0 7 . 6 80 None;
    ReservedSmemOffsetEnd "%reserved_smem_offset_end" B32 0 7 . 6 80 None;
    ReservedSmemOffsetCap "%reserved_smem_offset_cap" B32 0 7 . 6 80 None;
    ReservedSmemOffset0 "%reserved_smem_offset_0" B32 0 7 . 6 80 None;
    ReservedSmemOffset1 "%reserved_smem_offset_1" B32 0 7 . 6 80 None;
    TotalSmemSize "%total_smem_size" U32 0 4 . 1 20 None;
    AggrSmemSize "%aggr_smem_size" U32 0 8 . 1 90 None;
    DynamicSmemSize "%dynamic_smem_size" U32 0 4 . 1 20 None;
    CurrentGraphExec "%current_graph_exec" U64 0 8 . 0 50 None;
}

impl SpecialReg {
    /// The register's row.
    pub fn row(self) -> &'static SpecialRow {
        &SPECIAL[self as usize]
    }

    /// Finds a register by its name, with the `%`.
    pub fn from_name(name: &[u8]) -> Option<SpecialReg> {
        SPECIAL.iter().find(|row| row.name.as_bytes() == name).map(|row| row.reg)
    }
}
