import type {
  GetUserCommandInput,
  GetUserCommandOutput,
  ListAccountAliasesCommandOutput,
} from "@aws-sdk/client-iam";
import { ProtocolError } from "../../src/protocols/index.ts";
import { accountOf, handler, type SimulatedService } from "./service.ts";

export const iam: SimulatedService = {
  handlers: {
    ListAccountAliases: handler<object, ListAccountAliasesCommandOutput>((_input, context) => {
      const alias = context.accounts.find(accountOf(context))?.alias;
      return { AccountAliases: alias ? [alias] : [], IsTruncated: false };
    }),

    GetUser: handler<GetUserCommandInput, GetUserCommandOutput>((input, context) => {
      const accountId = accountOf(context);
      const arn = input.UserName
        ? `arn:aws:iam::${accountId}:user/${input.UserName}`
        : context.principal?.arn;
      const user = context.accounts.findUser(arn ?? "");
      if (!user)
        throw input.UserName
          ? new ProtocolError("NoSuchEntity", `The user with name ${input.UserName} cannot be found.`, {
              status: 404,
            })
          : new ProtocolError(
              "ValidationError",
              "Must specify userName when calling with non-User credentials",
            );
      return {
        User: {
          UserName: user.name,
          UserId: user.id,
          Arn: user.arn,
          Path: "/",
          CreateDate: new Date(Date.UTC(2025, 0, 15)),
        },
      };
    }),
  },
};
