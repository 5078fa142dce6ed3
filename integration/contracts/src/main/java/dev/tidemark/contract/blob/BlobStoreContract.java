package dev.tidemark.contract.blob;

/** All obligations of a store; to be implemented by an adapter's test. */
public interface BlobStoreContract
    extends CreatesObjects,
        ReadsObjects,
        ListsObjects,
        DeletesObjects,
        CopiesObjects,
        RefusesWhatIsWrong,
        PassesTheStoreCheck {}
