"""Results for other tools and for people who do not use tables of text: MultiQC, AnnData, a workbook, an RO-Crate."""
