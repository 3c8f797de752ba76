import PosternLoad
import Testing

@Suite struct ReconnectDelayTests {
    @Test func `doubles up to a fifth of a second and starts anew after success`() {
        var delay = ReconnectDelay()
        #expect((0..<7).map { _ in delay.take() } == [10, 20, 40, 80, 160, 200, 200])
        delay.reset()
        #expect(delay.take() == 10)
    }
}
