"""Who a request to the API comes from. REST framework's default, which every view has unless it says otherwise."""

from django.contrib.auth.models import User
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import AuthUser, JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed, InvalidToken
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token

from accounts import logins
from realtime.connection.authentication import identify
from workflows.tokens import OneWorkflowOnly, WorkflowToken, is_workflow_token


class TokenAuthentication(JWTAuthentication):
    """By an access token; by a workflow token, where the view takes them (`workflows.access.takes_workflow_tokens`)."""

    def authenticate(self, request: Request) -> tuple[AuthUser, Token] | None:
        """The user and the token; None without one.

        Raises: InvalidToken, OneWorkflowOnly, and what `identify` does.
        """
        try:
            return super().authenticate(request)
        except InvalidToken:
            token = (self.get_raw_token(self.get_header(request)) or b"").decode("latin-1")
            if not is_workflow_token(token):
                raise
        view = (request.parser_context or {})["view"]
        if request.method not in getattr(view, "workflow_token_methods", ()):
            raise OneWorkflowOnly
        return identify(token, WorkflowToken).user(), WorkflowToken(token)  # type: ignore[arg-type, return-value]

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]
        """Its user, as the database has them now.

        Raises: InvalidToken, AuthenticationFailed.
        """
        try:
            login = str(validated_token.get(logins.LOGIN_CLAIM, ""))
            return logins.person(login, pk=validated_token[api_settings.USER_ID_CLAIM])
        except (KeyError, logins.LoginEnded):
            raise InvalidToken from None
        except (User.DoesNotExist, logins.Disabled):
            raise AuthenticationFailed from None
