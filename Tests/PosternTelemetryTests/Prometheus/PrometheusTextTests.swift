import PosternTelemetry
import Testing

@Suite struct PrometheusTextTests {
    @Test(
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-3, "-3"), (0.5, "0.5"), (0.000_25, "0.00025"), (1e300, "1e+300"),
            (9_007_199_254_740_991, "9007199254740991"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
        ] as [(Double, String)]
    )
    func `writes numbers`(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }

    @Test(arguments: [("", "_"), ("a", "a"), ("a.b-c", "a_b_c"), ("1a", "_1a"), ("ä", "__"), ("a:b", "a_b")])
    func `makes names`(text: String, name: String) {
        #expect(PrometheusText.name(text) == name)
    }
}
