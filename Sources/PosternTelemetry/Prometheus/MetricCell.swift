/// The values behind one label set of one metric.
protocol MetricCell: AnyObject, Sendable {
    /// Writes the sample lines.
    func render(_ series: SeriesText, to output: inout [UInt8])
}
