extension LimitBook: BudgetSource {}
