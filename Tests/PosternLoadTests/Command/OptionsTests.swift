import ArgumentParser
import FoundationEssentials
import NIOCore
import PosternLoad
import Testing

@Suite struct OptionsTests {
    @Test(arguments: [
        (["--connections", "0"], "--connections 0: from 1 to 100000"),
        (["--threads", "65", "--connections", "100"], "--threads 65: from 1 to 64"),
        (["--threads", "3", "--connections", "2"], "--threads 3: each needs a connection, and there are 2"),
        (["--rate", "0"], "--rate 0.0: from 0.001 to 10000000.0"),
        (["--rate", "nan"], "--rate nan: from 0.001 to 10000000.0"),
        (["--pipelining", "1001"], "--pipelining 1001: from 1 to 1000"),
        (["--seconds", "1", "--requests", "1"], "--seconds and --requests exclude each other"),
        (["--seconds", "0"], "--seconds 0.0: from 0.001 to 1000000.0"),
        (["--requests", "0"], "--requests 0: from 1 to 1000000000"),
        (["--warmup", "inf"], "--warmup inf: from 0.0 to 1000000.0"),
        (["--timeout-ms", "0"], "--timeout-ms 0: from 1 to 3600000"),
    ])
    func `refuses a course out of range`(arguments: [String], message: String) throws {
        let options = try RunOptions.parse(arguments)
        #expect(throws: LoadFailure.badOption(message)) { try options.settings(mix: RequestMix()) }
    }

    @Test(arguments: [
        ([], "--url: where to?"),
        (
            ["--url", "https://localhost/"],
            "--url https://localhost/: a URL begins with http:// here; TLS is not spoken"
        ),
        (["--url", "http://localhost:0/"], "--url http://localhost:0/: the port is a number from 1 to 65535"),
        (["--url", "http://:80/"], "--url http://:80/: there is no host in it"),
        (["--body-bytes", "1"], "--body-bytes 1: numbers from 2 to 33554432, commas between them"),
        (["--body-bytes", "1024,"], "--body-bytes 1024,: numbers from 2 to 33554432, commas between them"),
        (["--body-bytes", "9", "--samples"], "--body-bytes and --samples exclude each other"),
        (["--platform", "none", "--samples"], "--samples: needs a --platform that has some"),
        (
            ["--platform", "none", "--forgeries", "0.1"],
            "--forgeries: no secret proves these requests, so none can be forged"
        ),
        (
            ["--secret-env", "POSTERN_LOAD_NO_SUCH_VARIABLE"],
            "github signs with a secret: put it into the variable that --secret-env names"
        ),
        (["--url-file", "/nowhere/urls"], "--url-file /nowhere/urls: "),
        (["--platform", "tiktok-shop", "--secret-env", "PATH"], "tiktok-shop: the endpoint lacks the setting"),
        (["--parameter", "app_key", "--secret-env", "PATH"], "--parameter app_key: NAME=VALUE"),
        (["--platform", "nobody"], "--platform nobody: there are none, "),
        (["--scheme", "nothing", "--secret-env", "PATH"], "--scheme: github has default"),
    ])
    func `refuses requests that cannot be made`(arguments: [String], message: String) throws {
        let hasURL = arguments.contains("--url") || arguments.contains("--url-file") || arguments.isEmpty
        let options = try RequestOptions.parse(arguments + (hasURL ? [] : ["--url", "http://127.0.0.1:1/"]))
        let failure = #expect(throws: LoadFailure.self) { try options.plan() }
        #expect("\(try #require(failure))".hasPrefix(message))
        #expect(failure?.exitStatus == 2)
    }

    @Test(arguments: [
        (["--duplicates", "1.1"], "--duplicates 1.1: a share is from 0 to 1"),
        (["--forgeries", "nan"], "--forgeries nan: a share is from 0 to 1"),
        (
            ["--duplicates", "0.6", "--forgeries", "0.5"],
            "--duplicates and --forgeries are more than all requests together"
        ),
    ])
    func `refuses shares that are none`(arguments: [String], message: String) throws {
        let options = try RequestOptions.parse(arguments)
        #expect(throws: LoadFailure.badOption(message)) { try options.mix() }
    }

    @Test func `takes what it is told`() throws {
        let settings = try RunOptions.parse([
            "--connections", "100", "--threads", "2", "--rate", "2500.5", "--requests", "9", "--warmup", "0",
            "--timeout-ms", "250", "--keep-going", "--ledger", "file",
        ]).settings(mix: RequestMix(duplicates: 0.5))
        #expect(settings.connections == 100)
        #expect(settings.threads == 2)
        #expect(settings.rate == 2500.5)
        #expect(settings.length == .requests(9))
        #expect(settings.warmupSeconds == 0)
        #expect(settings.timeoutMilliseconds == 250)
        #expect(settings.keepsGoing)
        #expect(settings.ledger == "file")
        #expect(settings.mix.duplicates == 0.5)
    }

    @Test func `makes one target of the URLs of one server`() throws {
        let plan = try RequestOptions.parse([
            "--platform", "none", "--url", "http://127.0.0.1:81/a", "--url", "http://127.0.0.1:82/b",
            "--url", "http://127.0.0.1:81/c?d=e",
        ]).plan()
        #expect(plan.targets.map(\.address.port) == [81, 82])
        #expect(plan.bodies == .sizes([1024]))
    }

    @Test func `exits with 2 when it does not understand`() async {
        #expect(await LoadProgram.run(["--no-such-option"]) == 2)
        #expect(await LoadProgram.run(["--url", "http://127.0.0.1:1/", "--platform", "nobody"]) == 2)
    }
}
