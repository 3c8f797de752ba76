internal import Synchronization

/// Adds to floating-point numbers that are kept as bits.
enum AtomicDouble {
    /// Adds without losing what other threads add at the same time.
    static func add(_ amount: Double, to bits: borrowing Atomic<UInt64>) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let result = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            guard !result.exchanged else { return }
            old = result.original
        }
    }
}
