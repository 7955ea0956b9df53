"""Which miRNA a row is: names across miRBase releases, the ledger, the balance of reads, isomiRs, spike-ins."""
