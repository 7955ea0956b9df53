"""Results for other tools and for spreadsheets: MultiQC, AnnData, a workbook, an RO-Crate."""
