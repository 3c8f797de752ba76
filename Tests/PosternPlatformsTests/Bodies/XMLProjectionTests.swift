import PosternJSON
import PosternPlatforms
import Testing

@Suite struct XMLProjectionTests {
    @Test(arguments: [
        ("<r/>", ##"{"#name":"r"}"##), ("<r>text</r>", ##"{"#name":"r","#text":"text"}"##),
        ("<r><a>1</a><b/></r>", ##"{"#name":"r","a":"1","b":""}"##),
        ("<r><a>1</a><b>2</b><a>3</a></r>", ##"{"#name":"r","a":["1","3"],"b":"2"}"##),
        ("<r z='1' a='2'><c x=\"y\">t</c></r>", ##"{"#name":"r","@z":"1","@a":"2","c":{"@x":"y","#text":"t"}}"##),
        ("<r xmlns='u' xmlns:yt='v'><yt:id>7</yt:id></r>", ##"{"#name":"r","yt:id":"7"}"##),
        ("<r>\n  <a>1</a>\n</r>", ##"{"#name":"r","a":"1"}"##),
        ("<r>x<a/>y</r>", ##"{"#name":"r","a":"","#text":"xy"}"##),
        ("<r><a> 1 </a></r>", ##"{"#name":"r","a":" 1 "}"##),
        ("<r>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</r>", ##"{"#name":"r","#text":"<&>\"'A😀"}"##),
        ("<r><![CDATA[<!DOCTYPE a><b>]]></r>", ##"{"#name":"r","#text":"<!DOCTYPE a><b>"}"##),
        ("<r><!-- c --><?p i?><a>ü😀</a></r>", ##"{"#name":"r","a":"ü😀"}"##),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- x --><?p?>\n<r/>\n<!-- y -->", ##"{"#name":"r"}"##),
        ("\u{FEFF}<r/>", ##"{"#name":"r"}"##), ("<r><?p?><!----></r >", ##"{"#name":"r"}"##),
        ("<r>a\r\nb\rc\td</r>", ##"{"#name":"r","#text":"a\nb\nc\td"}"##),
        ("<r a = 'x\r\ny\tz&#10;&lt;&quot;'/>", ##"{"#name":"r","@a":"x y z\n<\""}"##),
        ("<r>a]]&gt;b]]</r>", ##"{"#name":"r","#text":"a]]>b]]"}"##), ("<é.-_:1/>", ##"{"#name":"é.-_:1"}"##),
        ("<r>&#x0001F600;&#00065;</r>", ##"{"#name":"r","#text":"😀A"}"##),
        ("<r><a>x<![CDATA[]]>y</a></r>", ##"{"#name":"r","a":"xy"}"##),
    ])
    func `projects elements, attributes and text`(xml: String, json: String) throws {
        let projected = String(decoding: try XMLProjection.json(Array(xml.utf8)), as: UTF8.self)
        #expect(projected == json)
        #expect(throws: Never.self) { try JSONDocument(bytes: Array(projected.utf8)) }
    }

    @Test(arguments: [
        "text", "{}", "<", "<r", "<r>", "<r></s>", "<r><a></r>", "<r/><s/>", "<r a='1' a='2'/>", "<r a=1/>",
        "<r>&nope;</r>",
        "<r>&#0;</r>", "<r>a & b</r>", "<r/>x", "<?xml", "<!-- <r/>", "<1/>", "<r><![CDATA[x</r>",
        "<r>]]></r>", "<r a='<'/>", "<r a='1'b='2'/>", "<r a/>", "<r a=/>", "<r a='1/>", "<r><!-- -- --></r>",
        "<r/><!-->",
        "<r><?xml version='1.0'?></r>", " <?xml version='1.0'?><r/>", "<?p<r/>", "<r><? p?></r>", "</r>", "<r></r></r>",
        "<r>&#;</r>", "<r>&#x;</r>", "<r>&#+65;</r>", "<r>&#xD800;</r>", "<r>&#x110000;</r>", "<r>&#1;</r>",
        "<r>&#65</r>",
        "<r>&lt</r>", "<r>\u{1}</r>", "<r a='\u{1F}'/>", "<r><![CDATA[\u{8}]]></r>", "<![CDATA[]]><r/>", "<r/>&#32;",
        "<-/>", "<.a/>", "<r><a</r>", "< r/>", "<!-- only -->", "<r>&#x000000000000041;</r>",
    ])
    func `refuses what is not well-formed`(xml: String) {
        self.expect(xml, code: "malformed_xml")
    }

    @Test(arguments: [
        "<!DOCTYPE r><r/>", "<!doctype r><r/>", "<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>",
        "<?xml version='1.0'?><!-- - --><?p ?> <!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>",
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>", "\u{FEFF}<!DOCTYPE r><r/>",
        "<!ELEMENT r ANY><r/>", "<r><!DOCTYPE r></r>",
        "<!DOCTYPE l [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]><l>&c;</l>",
    ])
    func `refuses document types, and with them every entity trick`(xml: String) {
        self.expect(xml, code: "malformed_xml")
    }

    @Test func `refuses other encodings than UTF-8 in disguise`() {
        let wide = Array("<!DOCTYPE r><r/>".utf16).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(throws: NormalizationError.malformedUTF8(offset: 0)) { try XMLProjection.json(wide) }
        #expect(throws: NormalizationError.malformedUTF8(offset: 0)) { try XMLProjection.json([0xFE, 0xFF] + wide) }
        let seven = "<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADwAIQ-DOCTYPE r+AD4-<r/>"
        self.expect(seven, code: "malformed_xml")
    }

    @Test func `says where bytes are not UTF-8`() {
        let xml = Array("<r>ab".utf8) + [0xFF] + Array("</r>".utf8)
        #expect(throws: NormalizationError.malformedUTF8(offset: 5)) { try XMLProjection.json(xml) }
    }

    @Test(arguments: [(63, true), (64, true), (65, false), (100_000, false)])
    func `allows 64 levels and no more`(levels: Int, isAllowed: Bool) throws {
        let xml = Array((String(repeating: "<a b='c'>", count: levels) + String(repeating: "</a>", count: levels)).utf8)
        if isAllowed {
            #expect(throws: Never.self) { try BodyReader(format: .xml).document(body: xml, contentType: nil) }
        } else {
            #expect(throws: NormalizationError.tooDeep(limit: 64)) { try XMLProjection.json(xml) }
        }
    }

    @Test func `reads the deepest document with arrays at each level`() throws {
        let xml = String(repeating: "<a><b/><b/>", count: 62) + String(repeating: "</a>", count: 62)
        let twice = "<r>\(xml)\(xml)</r>"
        #expect(throws: Never.self) { try BodyReader(format: .xml).document(body: Array(twice.utf8), contentType: nil) }
    }

    @Test(arguments: [(4, true), (5, true), (6, false)])
    func `allows so many elements and attributes and no more`(count: Int, isAllowed: Bool) {
        let xml = Array(("<r a='1'>" + String(repeating: "<x/>", count: count - 2) + "</r>").utf8)
        let limits = XMLLimits(nodes: 5)
        if isAllowed {
            #expect(throws: Never.self) { try XMLProjection.json(xml, limits: limits) }
        } else {
            #expect(throws: NormalizationError.tooManyFields(limit: 5)) { try XMLProjection.json(xml, limits: limits) }
        }
    }

    @Test(arguments: [(3, false), (4, true), (5, true)])
    func `allows so many bytes and no more`(limit: Int, isAllowed: Bool) {
        let limits = XMLLimits(bytes: limit)
        if isAllowed {
            #expect(throws: Never.self) { try XMLProjection.json(Array("<r/>".utf8), limits: limits) }
        } else {
            #expect(throws: NormalizationError.tooLarge(limitBytes: 3)) {
                try XMLProjection.json(Array("<r/>".utf8), limits: limits)
            }
        }
    }

    @Test func `every truncation is an error and every change is survived`() throws {
        let xml = Array("<?xml version='1.0'?><r a='&#65;'><!-- c --><?p i?><b>t&amp;u</b><![CDATA[x]]><b/></r>".utf8)
        for length in 0..<xml.count {
            #expect(throws: NormalizationError.self) { try XMLProjection.json(Array(xml[..<length])) }
        }
        for place in xml.indices {
            for mark in Array("<>&;/!?-[]'\"= a#x".utf8) + [0, 0x1F, 0xC3, 0xFF] {
                for bytes in [xml[..<place] + [mark] + xml[place...], xml[..<place] + [mark] + xml[(place + 1)...]] {
                    do throws(NormalizationError) {
                        let json = try XMLProjection.json(Array(bytes))
                        #expect(throws: Never.self) { try JSONDocument(bytes: json) }
                    } catch {
                        #expect(["malformed_xml", "malformed_utf8"].contains(error.code))
                    }
                }
            }
        }
    }

    private func expect(_ xml: String, code: String) {
        do throws(NormalizationError) {
            let json = try XMLProjection.json(Array(xml.utf8))
            Issue.record("\(xml) was read as \(String(decoding: json, as: UTF8.self))")
        } catch {
            #expect(error.code == code)
        }
    }
}
