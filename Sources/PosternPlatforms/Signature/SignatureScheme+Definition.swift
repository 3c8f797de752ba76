extension SignatureScheme {
    /// Compiles one entry under `signature:`: a form, or a list of forms of which the first that applies counts.
    init(_ node: DefinitionNode, name: SchemeName, scope: inout DefinitionScope) throws(DefinitionError) {
        var aliases: [String] = []
        var isOptIn = false
        var forms: [SignaturePlan] = []
        let nodes = try node.oneOrMore()
        for (index, form) in nodes.enumerated() {
            var fields = try form.fields("a signature scheme")
            if index == 0 {
                for alias in try fields.take("aliases")?.oneOrMore() ?? [] { aliases.append(try alias.text()) }
                isOptIn = try fields.take("opt_in")?.boolean() ?? false
            }
            let plan = try SignaturePlan(fields, scope: &scope)
            guard index == nodes.count - 1 || !plan.conditions.isEmpty else {
                throw form.error("a form without when: ends the list, for it always applies; others follow it here")
            }
            forms.append(plan)
        }
        self.init(name: name, aliases: aliases, isOptIn: isOptIn, forms: forms)
    }
}
