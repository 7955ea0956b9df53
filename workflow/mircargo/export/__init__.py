"""What other tools get: AnnData, a workbook, sections of MultiQC, an RO-Crate."""
